import torch

x = torch.tensor(3.0, requires_grad=True)
for step in range(3):
    f = x ** 2 - 2
    (d,) = torch.autograd.grad(f, x)
    x = (x - f / d).detach().requires_grad_()
    print(x.item())
