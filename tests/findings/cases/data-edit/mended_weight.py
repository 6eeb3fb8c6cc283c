import torch

w = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
x = torch.tensor([0.5, 1.0, -1.0])
loss = ((w * w * x).sum() - 1) ** 2
loss.backward()
with torch.no_grad():
    w *= 0.9
print(w.grad)
