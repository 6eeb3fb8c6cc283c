import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 1))
x, y = torch.randn(5, 3), torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0])
logits = net(x).squeeze(1)
loss = nn.BCEWithLogitsLoss()(logits, y) + nn.functional.binary_cross_entropy(torch.sigmoid(logits), y)
loss.backward()
