import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential()
for layer in range(6):
    net.extend([nn.Linear(8, 8), nn.LayerNorm(8), nn.ReLU()])
net.append(nn.Linear(8, 8))
x, y = torch.randn(8, 8), torch.randn(8, 8)
loss = nn.functional.mse_loss(net(x), y)
loss.backward()
