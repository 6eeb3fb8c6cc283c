import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.query, self.key, self.value = nn.Linear(size, size), nn.Linear(size, size), nn.Linear(size, size)

    def forward(self, x):
        weights = self.query(x) @ self.key(x).transpose(-2, -1) * x.shape[-1] ** -0.5
        return torch.softmax(weights, dim=-1) @ self.value(x)


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.attention, self.norm1, self.norm2 = Head(size), nn.LayerNorm(size), nn.LayerNorm(size)
        self.feed = nn.Sequential(nn.Linear(size, 4 * size), nn.ReLU(), nn.Linear(4 * size, size))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.feed(self.norm2(x))


torch.manual_seed(0)
net = nn.Sequential(nn.Embedding(12, 8), Block(8), Block(8), nn.LayerNorm(8), nn.Linear(8, 12))
for parameter in net.parameters():
    if parameter.dim() == 2:
        nn.init.normal_(parameter, std=0.02)
optimizer = torch.optim.AdamW(net.parameters(), lr=3e-4)
ids = torch.randint(0, 12, (4, 8))
for step in range(2):
    loss = nn.functional.cross_entropy(net(ids).view(-1, 12), torch.roll(ids, -1, 1).view(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
