# turns: 3
# graphs: 1
# passes: 0 or 1
# names: w
# by hand: w
# updates: w
import torch
from torch.func import grad, vmap

X = torch.tensor([[1.0, 2.0], [0.5, -1.0], [0.0, 1.0]])
y = torch.tensor([1.0, 0.0, 2.0])
w = torch.tensor([0.2, 0.1])


def loss(w, x, y):
    return (torch.dot(w, x) - y) ** 2


for step in range(3):
    per_sample = vmap(grad(loss), in_dims=(None, 0, 0))(w, X, y)
    norms = per_sample.norm(dim=1, keepdim=True)
    clipped = per_sample / norms.clamp(min=1.0)
    w = w - 0.1 * clipped.mean(0)
    print(step, w.tolist())
