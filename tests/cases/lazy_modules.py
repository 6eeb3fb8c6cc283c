import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.LazyConv2d(2, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2))
x = torch.randn(1, 1, 5, 5)
loss = model(x).sum()
loss.backward()
print(model[0].weight.shape, model[3].weight.grad.shape)
