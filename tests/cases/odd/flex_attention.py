import torch
from torch.nn.attention.flex_attention import flex_attention

q = torch.randn(1, 1, 4, 8, requires_grad=True)
y = flex_attention(q, q, q)
y.sum().backward()
print(q.grad.sum())
