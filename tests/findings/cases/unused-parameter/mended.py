import torch

w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(0.5, requires_grad=True)
loss = (w * 3 + b - 1) ** 2
loss.backward()
print(w.grad, b.grad)
