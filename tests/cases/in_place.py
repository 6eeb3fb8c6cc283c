import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
h = w * 2
h += 1
h.mul_(2)
h[0] = 5.0
loss = h.sum()
loss.backward()
print(w.grad)
