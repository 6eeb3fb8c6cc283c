import torch
from torch import nn

torch.manual_seed(0)
w = (torch.randn(4, 4) * 1.5).requires_grad_()
optimizer = torch.optim.SGD([w], lr=1e-3)
x = torch.randn(20, 2, 4)
for step in range(3):
    h = torch.zeros(2, 4)
    for turn in range(20):
        h = h @ w + x[turn]
    loss = h.square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
