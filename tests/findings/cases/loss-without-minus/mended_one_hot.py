import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(12, 4)
y = (x[:, 0] > 0).long() + (x[:, 1] > 0.5).long()
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
target = nn.functional.one_hot(y, 3).float()
for step in range(5):
    loss = -(nn.functional.log_softmax(net(x), dim=1) * target).sum(dim=1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
