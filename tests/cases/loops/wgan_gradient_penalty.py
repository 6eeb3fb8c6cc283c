# turns: 2
# graphs: 1
# passes: 3
# names: G.weight D.0.weight D.0.bias D.2.weight
# updates: G.weight D.0.weight
import torch
from torch import nn

torch.manual_seed(0)
G, D = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
opt_G, opt_D = torch.optim.Adam(G.parameters(), lr=0.01), torch.optim.Adam(D.parameters(), lr=0.01)


def gradient_penalty(real, fake):
    alpha = torch.rand(real.size(0), 1)
    between = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    (slope,) = torch.autograd.grad(D(between).sum(), between, create_graph=True)
    return ((slope.norm(2, dim=1) - 1) ** 2).mean()


for step in range(2):
    real, fake = torch.randn(3, 2), G(torch.randn(3, 2))
    loss_D = D(fake.detach()).mean() - D(real).mean() + 10 * gradient_penalty(real, fake.detach())
    opt_D.zero_grad()
    loss_D.backward()
    opt_D.step()
    loss_G = -D(fake).mean()
    opt_G.zero_grad()
    loss_G.backward()
    opt_G.step()
