import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 1))
x, y = torch.randn(5, 3), torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0])
loss = nn.BCEWithLogitsLoss()(net(x).squeeze(1), y)
loss.backward()
