import torch
from torch.autograd.graph import register_multi_grad_hook

a = torch.ones(2, requires_grad=True)
b = torch.ones(2, requires_grad=True)
h = register_multi_grad_hook((a, b), lambda grads: print("all", len(grads)))
(a * b).sum().backward()
h.remove()
print(a.grad, b.grad)
