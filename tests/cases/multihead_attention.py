import torch
from torch import nn

torch.manual_seed(0)
attention = nn.MultiheadAttention(4, 2, batch_first=True)
x = torch.randn(1, 3, 4, requires_grad=True)
mask = torch.triu(torch.full((3, 3), float("-inf")), diagonal=1)
out, weights = attention(x, x, x, attn_mask=mask)
loss = out.square().sum() + weights[0, 0].max()
loss.backward()
print(weights.shape)
