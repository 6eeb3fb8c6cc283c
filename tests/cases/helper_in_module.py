import torch
from torch import nn


def gate(x, h):
    g = torch.sigmoid(x)
    return g * h


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 2)
        self.b = nn.Linear(2, 2)

    def mix(self, x):
        return gate(self.a(x), self.b(x))

    def forward(self, x):
        return self.mix(self.mix(x))


torch.manual_seed(0)
net = Net()
y = net(torch.ones(1, 2))
y.sum().backward()
print(net.a.weight.grad)
