"""Programs whose graphs are large, each in a way of its own."""

RESIDUAL = """import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, width)
        self.fc2 = nn.Linear(width, width)

    def forward(self, x):
        return x + self.fc2(torch.relu(self.fc1(x)))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(4, 8)
        self.blocks = nn.ModuleList(Block(8) for _ in range(24))
        self.head = nn.Linear(8, 1)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x)

net = Net()
x, y = torch.randn(5, 4), torch.randn(5, 1)
loss = ((net(x) - y) ** 2).mean()
loss.backward()
"""

RECURRENT = """import torch
U = torch.randn(3, 4, requires_grad=True)
W = torch.randn(4, 4, requires_grad=True)
b = torch.zeros(4, requires_grad=True)
h = torch.zeros(2, 4)
for x in torch.randn(50, 2, 3):
    a = x @ U + h @ W + b
    h = torch.tanh(a)
loss = h.square().mean()
loss.backward()
"""

ENCODER = """import torch
from torch import nn
layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True, dropout=0.0)
encoder = nn.TransformerEncoder(layer, 12)
head = nn.Linear(8, 2)
x = torch.randn(2, 5, 8)
h = encoder(x)
loss = nn.functional.cross_entropy(head(h.mean(dim=1)), torch.tensor([0, 1]))
loss.backward()
"""

DENSE = """import torch
from torch import nn

class Dense(nn.Module):
    def __init__(self, depth, growth):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(4 + i * growth, growth) for i in range(depth))

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(torch.relu(layer(torch.cat(features, dim=1))))
        return torch.cat(features, dim=1)

net = nn.Sequential(Dense(16, 2), nn.Linear(36, 1))
loss = net(torch.randn(3, 4)).square().mean()
loss.backward()
"""

SHARED = """import torch
from torch import nn
fc = nn.Linear(4, 4)
x = torch.randn(2, 4)
h = x
for _ in range(30):
    h = torch.tanh(fc(h)) + x
loss = h.square().sum()
loss.backward()
"""

NETWORKS = {"residual": RESIDUAL, "recurrent": RECURRENT, "encoder": ENCODER, "dense": DENSE, "shared": SHARED}


def chain(operations: int) -> str:
    """So many operations one after the other, two on each turn of a loop."""
    return f"""import torch
w = torch.tensor(0.999, requires_grad=True)
x = torch.tensor(1.0)
for _ in range({operations // 2}):
    x = x * w
    x = x + 0.001
loss = x.square()
loss.backward()
"""
