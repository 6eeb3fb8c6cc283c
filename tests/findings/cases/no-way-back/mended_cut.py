import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
prediction = net(torch.randn(4, 2))
loss = nn.functional.mse_loss(prediction, torch.zeros(4, 1))
loss.backward()
