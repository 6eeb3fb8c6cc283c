import torch

x = torch.tensor([2.0, -1.0], requires_grad=True)
for step in range(3):
    energy = (x ** 4).sum()
    (g,) = torch.autograd.grad(energy, x)
    x = x - 0.01 * g + 0.1 * torch.randn(2)
print(x)
(x ** 2).sum().backward()
