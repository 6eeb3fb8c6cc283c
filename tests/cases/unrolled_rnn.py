import torch
from torch import nn

torch.manual_seed(0)
cell = nn.RNNCell(2, 3)
readout = nn.Linear(3, 1)
sequence = torch.randn(4, 1, 2)
h = torch.zeros(1, 3)
loss = 0
for x in sequence:
    h = cell(x, h)
    loss = loss + readout(h).square().sum()
loss.backward()
print(loss.item())
