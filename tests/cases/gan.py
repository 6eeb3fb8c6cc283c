import torch
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
D = nn.Sequential(nn.Linear(1, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1))
g_optimizer = torch.optim.Adam(G.parameters(), lr=0.01)
d_optimizer = torch.optim.Adam(D.parameters(), lr=0.01)
criterion = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(4, 1), torch.zeros(4, 1)
for step in range(2):
    fake = G(torch.randn(4, 2))
    d_loss = criterion(D(torch.randn(4, 1) + 3), ones) + criterion(D(fake.detach()), zeros)
    d_optimizer.zero_grad()
    d_loss.backward()
    d_optimizer.step()
    g_loss = criterion(D(fake), ones)
    g_optimizer.zero_grad()
    g_loss.backward()
    g_optimizer.step()
    print(step, d_loss.item(), g_loss.item())
