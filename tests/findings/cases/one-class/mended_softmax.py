import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(12, 3)
y = (x[:, :1] > 0).float()
net = nn.Sequential(nn.Linear(3, 1), nn.Sigmoid())
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(4):
    loss = nn.functional.binary_cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
