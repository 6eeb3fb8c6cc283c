# turns: 3
# graphs: 1
# passes: 2
# names: x
# by hand: x
# updates: x
import torch


def residuals(x):
    return torch.stack([x[0] ** 2 + x[1] - 3, x[0] - x[1]])


x = torch.tensor([2.0, 0.5], requires_grad=True)
for newton in range(3):
    r = residuals(x)
    J = torch.stack([torch.autograd.grad(r[i], x, retain_graph=True)[0] for i in range(2)])
    step = torch.linalg.solve(J, r.detach())
    x = (x - step).detach().requires_grad_(True)
    print(newton, x.tolist())
