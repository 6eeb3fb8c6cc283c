# turns: 3
# graphs: 1
# passes: 2
# names: net.0.weight net.1.weight x
# updates: net.0.weight net.1.weight
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(4, 2)
for step in range(3):
    out = net(x)
    fit, size = (out - 1).square().mean(), out.abs().mean()
    optimizer.zero_grad()
    fit.backward(retain_graph=True)
    (0.1 * size).backward()
    optimizer.step()
