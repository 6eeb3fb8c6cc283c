import torch

w = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
x = torch.tensor([0.5, 1.0, -1.0])
loss = ((w * w * x).sum() - 1) ** 2
w.data *= 0.9
loss.backward()
print(w.grad)
