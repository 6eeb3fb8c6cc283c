# turns: 2
# graphs: 1
# passes: 3
# names: a x
# updates: a
import torch

x = torch.linspace(0.1, 1, 4, requires_grad=True)
a = torch.tensor([0.5, 1.0, -0.3], requires_grad=True)
for epoch in range(2):
    u = a[0] * x**3 + a[1] * torch.sin(x) + a[2]
    (ux,) = torch.autograd.grad(u.sum(), x, create_graph=True)
    (uxx,) = torch.autograd.grad(ux.sum(), x, create_graph=True)
    loss = (uxx + u).square().mean()
    a.grad = None
    loss.backward()
    with torch.no_grad():
        a -= 0.01 * a.grad
