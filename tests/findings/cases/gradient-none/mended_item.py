import torch

w = torch.tensor(0.5, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
for x in (1.0, 2.0):
    activation = (w * x)
    loss = (activation + b - 1) ** 2
    loss.backward()
    b.grad = None
print(w.grad)
