# turns: 4
# graphs: 1
# names: net.weight net.bias x y
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
step = 0
while True:
    optimizer.zero_grad()
    loss = (net(x) - y).abs().mean()
    loss.backward()
    optimizer.step()
    step += 1
    if step >= 4:
        break
print(step)
