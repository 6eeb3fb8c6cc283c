# turns: 3
# graphs: 1
# names: net.emb.weight net.pos.table net.out.weight net.out.bias ids
# updates: net.emb.weight net.out.weight
import math, torch
from torch import nn
torch.manual_seed(0)
class PositionalEncoding(nn.Module):
    def __init__(self, d, n=8):
        super().__init__()
        pe = torch.zeros(n, d)
        position = torch.arange(0, n).unsqueeze(1).float()
        div = torch.exp(torch.arange(0, d, 2).float() * -(math.log(10000.0) / d))
        pe[:, 0::2] = torch.sin(position * div)
        pe[:, 1::2] = torch.cos(position * div)
        self.register_buffer("pe", pe)
        self.table = nn.Parameter(torch.zeros(n, d))
        with torch.no_grad():
            self.table.copy_(pe)
    def forward(self, x):
        return x + self.pe[: x.size(1)] + self.table[: x.size(1)]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(5, 4)
        self.pos = PositionalEncoding(4)
        self.out = nn.Linear(4, 5)
        self.out.weight.data.copy_(self.emb.weight.data)
    def forward(self, ids):
        return self.out(self.pos(self.emb(ids)))
net = Net()
ids = torch.randint(0, 5, (2, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for step in range(3):
    logits = net(ids)
    loss = nn.functional.cross_entropy(logits.view(-1, 5), ids.view(-1))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
