import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(12, 4)
y = (x[:, 0] > 0).long() + (x[:, 1] > 0.5).long()
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(4):
    order = torch.randperm(12)
    loss = nn.functional.cross_entropy(net(x[order]), y[order])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
