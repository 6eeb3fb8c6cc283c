import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(20, 3) * torch.tensor([1.0, 300.0, 0.5])
y = x[:, :1] - x[:, 2:]
net = nn.Linear(3, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=1e-6)
for step in range(4):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
