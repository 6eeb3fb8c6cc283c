# turns: 3
# graphs: 1
# names: net.0.weight net.2.weight data t
# updates: net.0.weight net.0.bias net.2.weight net.2.bias
# evaluations: 10
import torch
from torch import nn
torch.manual_seed(0)
T = 10
betas = torch.linspace(1e-4, 0.02, T)
alphas_bar = torch.cumprod(1 - betas, 0)
net = nn.Sequential(nn.Linear(3, 8), nn.SiLU(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
data = torch.randn(8, 2)
for step in range(3):
    t = torch.randint(0, T, (8,))
    noise = torch.randn_like(data)
    a = alphas_bar[t].unsqueeze(1)
    noisy = a.sqrt() * data + (1 - a).sqrt() * noise
    pred = net(torch.cat([noisy, t.float().unsqueeze(1) / T], 1))
    loss = (pred - noise).pow(2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
@torch.no_grad()
def sample():
    x = torch.randn(2, 2)
    for t in reversed(range(T)):
        eps = net(torch.cat([x, torch.full((2, 1), t / T)], 1))
        x = (x - betas[t] / (1 - alphas_bar[t]).sqrt() * eps) / (1 - betas[t]).sqrt()
    return x
print(sample().shape)
