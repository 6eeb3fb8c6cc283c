import torch
from torch import nn

torch.manual_seed(1)
net = nn.Sequential(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 1))
with torch.no_grad():
    net[0].bias[:4] = 0.0
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x, y = torch.randn(8, 2), torch.randn(8, 1)
for step in range(3):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(net[0].weight.grad)
