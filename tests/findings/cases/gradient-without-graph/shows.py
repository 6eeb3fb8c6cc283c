import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=0.01)
for step in range(3):
    x = torch.randn(8, 2, requires_grad=True)
    slope = torch.autograd.grad(critic(x).sum(), x)[0]
    penalty = (slope.norm(dim=1) - 1).square().mean()
    loss = critic(x).mean() + penalty
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
