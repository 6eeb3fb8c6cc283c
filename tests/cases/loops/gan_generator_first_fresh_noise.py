# turns: 3
# graphs: 1
# passes: 2
# names: netG.weight netG.bias netD.0.weight netD.0.bias
# updates: netG.weight netG.bias netD.0.weight netD.0.bias
import torch
from torch import nn

torch.manual_seed(0)
netG, netD = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1), nn.Tanh())
optG = torch.optim.SGD(netG.parameters(), lr=0.05)
optD = torch.optim.SGD(netD.parameters(), lr=0.05)
target = torch.tensor([[1.0, -1.0], [0.5, 0.5], [2.0, 0.0]])
for step in range(3):
    optG.zero_grad()
    lossG = ((netD(netG(torch.randn(3, 2))) - 1) ** 2).mean()
    lossG.backward()
    optG.step()
    optD.zero_grad()
    lossD = ((netD(target) - 1) ** 2).mean() + (netD(netG(torch.randn(3, 2)).detach()) ** 2).mean()
    lossD.backward()
    optD.step()
