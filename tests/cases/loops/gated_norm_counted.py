# turns: 4
# graphs: 1
# names: net.conv.weight net.norm.weight
# updates: net.conv.weight net.norm.weight
# loops: epoch=2 _=2
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 2, 2)
        self.norm = nn.BatchNorm1d(2)

    def forward(self, x):
        return torch.sigmoid(self.norm(self.conv(x)))


torch.manual_seed(0)
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(2):
    for _ in range(2):
        loss = net(torch.randn(3, 1, 4)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    sizes = [buffer.sum().item() for buffer in net.buffers()]
