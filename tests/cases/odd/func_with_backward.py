import torch
from torch.func import grad

w = torch.tensor([1.0, 2.0], requires_grad=True)
def f(x):
    return (x ** 3 * w).sum()
g = grad(f)(torch.tensor([1.0, 3.0]))
loss = g.sum()
loss.backward()
print(g, w.grad)
