import torch
from torch import nn

torch.manual_seed(0)
gru = nn.GRU(2, 3, num_layers=2, batch_first=True, bidirectional=True)
x = torch.randn(2, 4, 2)
out, h = gru(x)
loss = out[:, -1].sum() + h.square().mean()
loss.backward()
print(out.shape, h.shape)
