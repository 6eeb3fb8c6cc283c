import torch

x = torch.ones(3, requires_grad=True)
h = x * 2
h.register_hook(lambda g: g.clamp(max=0.5))
h.retain_grad()
x.register_hook(lambda g: -g)
(h ** 2).sum().backward()
print(x.grad, h.grad)
