import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(12, 4)
y = (x[:, 0] > 0).long() + (x[:, 1] > 0.5).long()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 8), nn.Linear(8, 3)

    def forward(self, x):
        h = nn.functional.dropout(torch.tanh(self.first(x)), p=0.2)
        return self.last(h)


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(4):
    loss = nn.functional.cross_entropy(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
net.eval()
with torch.no_grad():
    print((net(x).argmax(dim=1) == y).float().mean())
