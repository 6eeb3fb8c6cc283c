import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=0.01)


def penalty(points):
    points = points.clone().requires_grad_()
    (slope,) = torch.autograd.grad(critic(points).sum(), points)
    return (slope.norm(dim=1) - 1).square().mean()


for step in range(3):
    real, fake = torch.randn(8, 2) + 2, torch.randn(8, 2)
    extra = penalty(fake)
    loss = critic(fake).mean() - critic(real).mean() + 10 * extra
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
