# turns: 3
# graphs: 1
# passes: 3
# names: netG.weight netG.bias netD.0.weight netD.0.bias label
# updates: netG.weight netG.bias netD.0.weight netD.0.bias
import torch
from torch import nn

torch.manual_seed(0)
netG, netD = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
optimizerD = torch.optim.Adam(netD.parameters(), lr=0.02, betas=(0.5, 0.999))
optimizerG = torch.optim.Adam(netG.parameters(), lr=0.02, betas=(0.5, 0.999))
criterion = nn.BCELoss()
for i in range(3):
    netD.zero_grad()
    label = torch.full((4,), 1.0)
    errD_real = criterion(netD(torch.randn(4, 2) + 2).view(-1), label)
    errD_real.backward()
    fake = netG(torch.randn(4, 2))
    label.fill_(0.0)
    errD_fake = criterion(netD(fake.detach()).view(-1), label)
    errD_fake.backward()
    optimizerD.step()
    netG.zero_grad()
    label.fill_(1.0)
    errG = criterion(netD(fake).view(-1), label)
    errG.backward()
    optimizerG.step()
    print(i, (errD_real + errD_fake).item(), errG.item())
