# turns: 3
# graphs: 1
# names: net.blocks.0.weight net.blocks.1.weight net.out.weight x
# updates: net.blocks.0.weight net.out.weight
import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.blocks = nn.ModuleList(nn.Linear(2, 2) for _ in range(depth))
        self.out = nn.Linear(2, 1)

    def forward(self, x):
        for block in self.blocks:
            x = x + torch.tanh(block(x))
        k = 0
        while k < 2:
            x = 0.5 * x
            k += 1
        return self.out(x)


torch.manual_seed(0)
net = Residual(2)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(3, 2)
for epoch in range(3):
    loss = net(x).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
