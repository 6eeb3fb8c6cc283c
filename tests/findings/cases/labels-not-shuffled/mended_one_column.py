import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(10, 2)
y = (x[:, 0] > 0).float()
net = nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
order = torch.randperm(10)
for step in range(4):
    loss = nn.functional.binary_cross_entropy_with_logits(net(x[order]).squeeze(1), y[order])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
