import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential()
for layer in range(7):
    net.extend([nn.Linear(4, 4), nn.LayerNorm(4), nn.ReLU()])
x, y = torch.randn(8, 4), torch.rand(8, 4)
loss = nn.functional.mse_loss(net(x), y)
loss.backward()
