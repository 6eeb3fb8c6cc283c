import torch

def f(w, x):
    return ((w * x).sum() - 1) ** 2

w = torch.tensor([1.0, 2.0])
x = torch.tensor([3.0, 4.0])
g = torch.func.grad(f)(w, x)
v, both = torch.func.grad_and_value(f, argnums=(0, 1))(w, x)
print(g, v, both)
