import torch
from torch.func import vmap

x = torch.ones(3, 2)
print(vmap(lambda v: v * torch.rand(2), randomness="different")(x).shape)
print(vmap(lambda v: torch.nn.functional.dropout(v), randomness="same")(x).shape)
w = torch.ones(2, requires_grad=True)
vmap(lambda v: (v * w).sum())(x).sum().backward()
print(w.grad)
