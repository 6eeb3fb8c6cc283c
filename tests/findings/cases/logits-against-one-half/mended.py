import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(10, 2)
y = (x[:, 0] > 0).float()
net = nn.Linear(2, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(4):
    loss = nn.functional.binary_cross_entropy_with_logits(net(x).squeeze(1), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    print("accuracy", ((net(x).squeeze(1) > 0.0).float() == y).float().mean())
