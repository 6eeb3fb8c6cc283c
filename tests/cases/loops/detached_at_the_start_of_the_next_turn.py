# turns: 4
# graphs: 1
# names: x
# updates: x
# by hand: x
import torch

x = torch.tensor([3.0, -2.0])
for k in range(4):
    x = x.detach().requires_grad_(True)
    energy = (x**2).sum()
    (g,) = torch.autograd.grad(energy, x)
    x = x - 0.1 * g + 0.01 * torch.ones(2)
print(x.tolist())
