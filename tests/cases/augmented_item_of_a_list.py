import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
sums = [torch.zeros(2), w * 2]
sums[0] += w
sums[1] += w
d = {"a": w * 3}
d["a"] *= w
(sums[0] + sums[1] + d["a"]).sum().backward()
print(w.grad)
