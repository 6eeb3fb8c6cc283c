import torch
from torch import nn

torch.manual_seed(1)
layer = nn.Linear(3, 3)
x = torch.randn(2, 3)
h = layer(torch.tanh(layer(x)))
loss = h.pow(2).mean()
loss.backward()
