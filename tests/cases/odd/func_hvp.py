import torch
from torch.func import grad, jvp, vjp

def f(x):
    return (x ** 4).sum()
x = torch.tensor([1.0, 2.0])
v = torch.tensor([1.0, 0.5])
print(jvp(grad(f), (x,), (v,))[1])
print(vjp(grad(f), x)[1](v)[0])
print(torch.autograd.functional.hvp(f, x, v))
print(torch.autograd.functional.vhp(f, x, v), torch.autograd.functional.jvp(lambda t: t * t, x, v))
