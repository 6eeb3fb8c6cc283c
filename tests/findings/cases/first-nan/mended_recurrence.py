import torch
from torch import nn

torch.manual_seed(0)
w = (torch.randn(4, 4) * 0.5).requires_grad_()
h = torch.randn(1, 4)
for turn in range(60):
    h = torch.tanh(h @ w)
loss = h.square().mean()
loss.backward()
