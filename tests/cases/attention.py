import torch
import torch.nn.functional as F

torch.manual_seed(4)
x = torch.randn(1, 4, 6)
wq, wk, wv = (torch.randn(6, 6, requires_grad=True) for _ in range(3))
q, k, v = x @ wq, x @ wk, x @ wv
scores = q @ k.transpose(-2, -1) / 6**0.5
mask = torch.triu(torch.ones(4, 4, dtype=torch.bool), diagonal=1)
scores = scores.masked_fill(mask, float("-inf"))
weights = F.softmax(scores, dim=-1)
out = torch.stack([weights @ v, weights @ v], dim=0).mean()
out.backward()
