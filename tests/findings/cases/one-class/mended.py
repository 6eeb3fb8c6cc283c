import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(12, 3)
y = torch.zeros(12, dtype=torch.long)
net = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(4):
    loss = nn.CrossEntropyLoss()(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
