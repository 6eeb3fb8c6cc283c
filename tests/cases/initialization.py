import torch
from torch import nn

torch.manual_seed(0)
layer = nn.Linear(4, 4)
nn.init.orthogonal_(layer.weight)
nn.init.constant_(layer.bias, 0.1)
with torch.no_grad():
    layer.weight[0].zero_()
    layer.weight.mul_(2)
out = layer(torch.ones(1, 4))
out.sum().backward()
print(layer.weight.grad, layer.bias)
