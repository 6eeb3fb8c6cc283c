import torch
from torch.func import jacrev, jacfwd, hessian, vmap, vjp, jvp, linearize

def f(x):
    return torch.stack([x[0] ** 2 * x[1], x.sin().sum()])
x = torch.tensor([1.0, 2.0])
print(jacrev(f)(x), jacfwd(f)(x))
print(hessian(lambda x: (x ** 3).sum())(x))
out, back = vjp(f, x)
print(out, back(torch.ones(2)))
print(jvp(f, (x,), (torch.ones(2),)))
print(vmap(lambda v: v.dot(v))(torch.ones(3, 2)))
value, linear = linearize(f, x)
print(value, linear(torch.ones(2)))
