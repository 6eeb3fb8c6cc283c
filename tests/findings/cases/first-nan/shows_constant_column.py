import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(6, 3), torch.randn(6, 1)
x[:, 2] = 4.0
x = (x - x.mean(0)) / x.std(0)
net = nn.Linear(3, 1)
loss = (net(x) - y).square().mean()
loss.backward()
