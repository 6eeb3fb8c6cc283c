# turns: 3
# graphs: 1
# names: net.weight net.bias x y
# updates: net.weight net.bias
# leaf: net.weight [0.25, 0.25]
# leaf: net.bias [0.0]
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
nn.init.constant_(net.weight, 0.25)
nn.init.zeros_(net.bias)
net = net.double()
x, y = torch.randn(4, 2).double(), torch.randn(4, 1, dtype=torch.float64)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(3):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
