import torch
from torch.autograd.functional import hessian, jacobian

x = torch.tensor([1.0, 2.0])
print(jacobian(lambda v: torch.stack([v.prod(), v.sum(), v[0].exp()]), x))
print(hessian(lambda v: (v**3).sum(), x))
w = torch.tensor(2.0, requires_grad=True)
(w * 3).backward()
