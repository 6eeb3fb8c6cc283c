import torch
from torch.fx.experimental.proxy_tensor import make_fx

def f(x):
    return (x * 2).sum()
g = make_fx(f)(torch.ones(2))
print(g.code)
x = torch.ones(2, requires_grad=True)
g(x).backward()
print(x.grad)
