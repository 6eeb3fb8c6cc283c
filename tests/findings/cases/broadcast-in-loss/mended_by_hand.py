import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
x, y = torch.randn(4, 2), torch.randn(4)
prediction = net(x)
loss = ((prediction - y.unsqueeze(1)) ** 2).mean()
loss.backward()
