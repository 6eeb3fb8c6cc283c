import torch
from torch import nn

torch.manual_seed(0)
features = nn.Linear(2, 3)
head = nn.Linear(3, 1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
h = features(x)
loss = ((head(h) - y) ** 2).mean()
loss.backward()
print(features.weight.grad)
