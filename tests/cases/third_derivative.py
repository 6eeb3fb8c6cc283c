import torch

x = torch.tensor([0.5, 1.0], requires_grad=True)
y = torch.sin(x) * x
for order in range(1, 4):
    (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    print(order, y)
