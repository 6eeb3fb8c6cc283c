import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
x, y = torch.randn(4, 2), torch.randn(4)
prediction = net(x)
distances = (prediction - prediction.squeeze(1)).abs().mean()
centred = x - x.mean(0)
loss = ((prediction.squeeze(1) - y) ** 2).mean() + distances + (prediction - y.mean()).square().mean()
loss.backward()
