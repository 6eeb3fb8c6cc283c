# turns: 3
# graphs: 1
# passes: 2
# names: netG.weight netG.bias netD.0.weight netD.0.bias ones zeros
# updates: netG.weight netG.bias netD.0.weight netD.0.bias
import torch
from torch import nn

torch.manual_seed(0)
netG, netD = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
d_optimizer = torch.optim.SGD(netD.parameters(), lr=0.1)
g_optimizer = torch.optim.SGD(netG.parameters(), lr=0.1)
criterion = nn.BCELoss()
ones, zeros = torch.ones(4, 1), torch.zeros(4, 1)
for step in range(3):
    real = torch.randn(4, 2) + 1
    fake = netG(torch.randn(4, 2))
    d_loss = criterion(netD(real), ones) + criterion(netD(fake.detach()), zeros)
    d_optimizer.zero_grad()
    d_loss.backward()
    d_optimizer.step()
    g_loss = criterion(netD(fake), ones)
    g_optimizer.zero_grad()
    g_loss.backward()
    g_optimizer.step()
