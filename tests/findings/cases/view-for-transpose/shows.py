import torch
from torch import nn

torch.manual_seed(0)
features = torch.randn(3, 10)
y = torch.randn(10, 1)
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(4):
    loss = nn.functional.mse_loss(net(features.reshape(10, 3)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
