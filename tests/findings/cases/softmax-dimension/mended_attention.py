import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(5, 4), torch.randn(5, 4)
q, k, v = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)
optimizer = torch.optim.Adam([*q.parameters(), *k.parameters(), *v.parameters()], lr=0.01)
for step in range(3):
    weights = torch.softmax(q(x) @ k(x).T / 2, dim=-1)
    loss = nn.functional.mse_loss(weights @ v(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
