import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
loss = nn.functional.mse_loss(net(x), y)
loss.backward()
