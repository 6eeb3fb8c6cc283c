import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
x = torch.randn(5, 3)
y = torch.randn(5, 1)
traced = torch.jit.trace(net, x)
optimizer = torch.optim.SGD(traced.parameters(), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    loss = ((traced(x) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
    print(loss.item())
