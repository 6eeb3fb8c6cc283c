import torch
from torch.func import grad, grad_and_value


def f(x, w):
    return torch.sin(w * x).sum()


x = torch.tensor([1.0, 2.0])
w = torch.tensor([0.5, -1.0], requires_grad=True)
slope, value = grad_and_value(f)(x, w.detach())
curvature = torch.stack([grad(grad(f))(x[i], w.detach()[i]) for i in range(2)])
loss = f(x, w) + slope.sum()
loss.backward()
print(slope, value, curvature, w.grad)
