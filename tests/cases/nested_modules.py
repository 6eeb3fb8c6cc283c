import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        return x + self.mlp(self.norm(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Block(4)
        self.second = Block(4)
        self.head = nn.Linear(4, 1)

    def forward(self, x):
        return self.head(self.second(self.first(x)))


torch.manual_seed(0)
net = Net()
out = net(torch.randn(3, 4))
loss = out.pow(2).mean()
loss.backward()
print(loss.item())
