# turns: 4
# graphs: 2
# passes: 2 or 3
# names: D.0.weight D.2.weight real
# updates: D.0.weight D.0.bias D.2.weight D.2.bias
import torch
from torch import nn
torch.manual_seed(0)
G, D = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1))
oG, oD = torch.optim.Adam(G.parameters(), lr=1e-3), torch.optim.Adam(D.parameters(), lr=1e-3)
def gp(real, fake):
    a = torch.rand(real.size(0), 1)
    x = (a * real + (1 - a) * fake).requires_grad_(True)
    g = torch.autograd.grad(D(x).sum(), x, create_graph=True)[0]
    return ((g.norm(2, dim=1) - 1) ** 2).mean()
for i, real in enumerate(torch.randn(12, 2).split(3)):
    fake = G(torch.randn(3, 2)).detach()
    d_loss = D(fake).mean() - D(real).mean() + 10 * gp(real, fake)
    oD.zero_grad(); d_loss.backward(); oD.step()
    if i % 2 == 1:
        g_loss = -D(G(torch.randn(3, 2))).mean()
        oG.zero_grad(); g_loss.backward(); oG.step()
