import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(12, 4)
y = (x[:, 0] > 0).long() + (x[:, 1] > 0.5).long()
net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
net.eval()
print(net(x[:1]).argmax(dim=1))
net.train()
for step in range(4):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
