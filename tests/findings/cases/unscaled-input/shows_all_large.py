import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(16, 2) * 500 + 800
y = x.sum(dim=1, keepdim=True) / 100
net = nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(6):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
