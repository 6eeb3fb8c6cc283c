# turns: 2
# graphs: 1
# names: net.0.weight net.0.bias net.1.weight net.1.bias x
# updates: net.0.weight net.1.bias
# leaf: net.1.bias [0.25]
# edges: linear 3
import torch
from torch import nn


def count(module):
    return sum(p.view(-1).shape[0] for p in module.parameters() if p.requires_grad)


torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
print("parameters:", count(net))
nn.init.kaiming_uniform_(net[0].weight)
nn.init.constant_(net[1].bias, 0.25)
x = torch.randn(3, 2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(2):
    loss = net(x).square().mean()
    optimizer.zero_grad()
    loss.backward()
    print(count(net), net[1].bias.view(-1).shape)
    optimizer.step()
