# turns: 3
# graphs: 1
# passes: 3
# names: netG.weight netG.bias netD.0.weight netD.0.bias
# updates: netG.weight netG.bias netD.0.weight netD.0.bias
# evaluations: 1
import torch
from torch import nn

torch.manual_seed(0)
netG, netD = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
g_opt, d_opt = torch.optim.SGD(netG.parameters(), lr=0.1), torch.optim.SGD(netD.parameters(), lr=0.1)
criterion, fixed_noise = nn.BCELoss(), torch.randn(2, 2)
for i in range(3):
    d_opt.zero_grad()
    criterion(netD(torch.randn(4, 2)), torch.ones(4, 1)).backward()
    noise = torch.randn(4, 2)
    fake = netG(noise)
    criterion(netD(fake.detach()), torch.zeros(4, 1)).backward()
    d_opt.step()
    g_opt.zero_grad()
    real_label = torch.ones(4, 1)
    loss = criterion(netD(fake), real_label)
    loss.backward()
    g_opt.step()
with torch.no_grad():
    print(netG(fixed_noise).shape)
