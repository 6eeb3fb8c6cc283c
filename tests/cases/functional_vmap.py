import torch
from torch.func import grad, vmap

torch.manual_seed(0)
w = torch.randn(3)
X = torch.randn(4, 3)


def loss(w, x):
    return torch.dot(w, x) ** 2


per_sample = vmap(grad(loss), in_dims=(None, 0))(w, X)
v = w.clone().requires_grad_()
total = vmap(loss, in_dims=(None, 0))(v, X).sum()
total.backward()
print(torch.allclose(per_sample.sum(0), v.grad), per_sample.shape)
