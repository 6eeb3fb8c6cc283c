# turns: 2
# graphs: 1
# names: netG.main.0.weight netG.main.1.weight netG.main.1.bias noise
# updates: netG.main.0.weight netG.main.1.weight
# leaf: netG.main.0.weight [0.5, -0.5, 0.25, 1.0]
# leaf: netG.main.1.bias [0.0, 0.0]
import torch
from torch import nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(nn.Linear(2, 2, bias=False), nn.BatchNorm1d(2))

    def forward(self, input):
        return self.main(input)


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Linear") != -1:
        m.weight.data.copy_(torch.tensor([[0.5, -0.5], [0.25, 1.0]]))
    elif classname.find("BatchNorm") != -1:
        nn.init.constant_(m.weight.data, 1.5)
        nn.init.constant_(m.bias.data, 0)


torch.manual_seed(0)
netG = Generator().to("cpu")
netG.apply(weights_init)
optimizer = torch.optim.SGD(netG.parameters(), lr=0.1)
noise = torch.randn(4, 2)
for step in range(2):
    netG.zero_grad()
    loss = (netG(noise) - 1).abs().pow(3).mean()
    loss.backward()
    optimizer.step()
