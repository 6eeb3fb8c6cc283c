# turns: 3
# graphs: 1
# passes: 2
# names: netG.weight netG.bias netD.weight netD.bias real z
# updates: netG.weight netG.bias netD.weight netD.bias
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
netG, netD = nn.Linear(2, 2), nn.Linear(2, 1)
optG = torch.optim.SGD(netG.parameters(), lr=0.1)
optD = torch.optim.SGD(netD.parameters(), lr=0.1)
for step in range(3):
    real = torch.randn(4, 2)
    z = torch.randn(4, 2)
    fake = netG(z)
    optD.zero_grad()
    d_real, d_fake = netD(real), netD(fake)
    lossD = F.softplus(-d_real).mean() + F.softplus(d_fake).mean()
    lossD.backward(retain_graph=True)
    optD.step()
    optG.zero_grad()
    lossG = F.softplus(-netD(fake)).mean()
    lossG.backward()
    optG.step()
