import torch
import torch.nn.functional as F

q = torch.randn(1, 2, 4, 8, requires_grad=True)
y = F.scaled_dot_product_attention(q, q, q, is_causal=True)
y.sum().backward()
print(q.grad.sum())
