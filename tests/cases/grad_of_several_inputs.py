import torch

x = torch.tensor(1.5, requires_grad=True)
y = torch.tensor(-0.5, requires_grad=True)
unused = torch.tensor(9.0, requires_grad=True)
h = x * y
f = torch.sin(h) + x
dx, dh, nothing = torch.autograd.grad(f, [x, h, unused], allow_unused=True)
print(dx, dh, nothing, x.grad)
