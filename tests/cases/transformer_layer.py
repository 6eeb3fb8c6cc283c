import torch
from torch import nn

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(4, 2, dim_feedforward=8, dropout=0.1, batch_first=True)
x = torch.randn(2, 3, 4)
loss = layer(x).square().mean()
loss.backward()
layer.eval()
with torch.no_grad():
    out = layer(x)
print(out)
