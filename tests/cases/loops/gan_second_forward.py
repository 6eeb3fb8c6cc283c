# turns: 3
# graphs: 1
# passes: 2
# names: G.weight G.bias D.weight D.bias
# updates: G.weight G.bias D.weight D.bias
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
G, D = nn.Linear(2, 1), nn.Linear(1, 1)
opt_g, opt_d = torch.optim.RMSprop(G.parameters(), lr=0.01), torch.optim.RMSprop(D.parameters(), lr=0.01)
for step in range(3):
    x = torch.randn(4, 1) * 0.5 + 3
    z = torch.randn(4, 2)
    with torch.no_grad():
        x_fake = G(z)
    logits_real, logits_fake = D(x), D(x_fake)
    loss_d = F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()
    z = torch.randn(4, 2)
    loss_g = F.softplus(-D(G(z))).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    print(f"{step}: D {loss_d.item():.3f}, G {loss_g.item():.3f}")
