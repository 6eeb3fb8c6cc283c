import torch
from torch import nn

torch.manual_seed(0)
cell = nn.LSTMCell(2, 3)
h = c = torch.zeros(1, 3)
for x in torch.randn(3, 1, 2):
    h, c = cell(x, (h, c))
loss = h.sum() * c.mean()
loss.backward()
print(cell.bias_hh.grad)
