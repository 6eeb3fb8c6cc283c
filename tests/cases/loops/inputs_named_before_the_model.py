# turns: 2
# graphs: 1
# names: some_input some_target net.a.weight net.b.bias
# updates: net.a.weight
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(2, 2), nn.Linear(2, 1)

    def forward(self, x):
        h = self.a(x)
        return self.b(h.relu())


torch.manual_seed(5)
net = Net()
print(net(torch.ones(1, 2)).shape)
some_input, some_target = torch.randn(4, 2), torch.randn(4, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for k in range(2):
    optimizer.zero_grad()
    loss = nn.functional.smooth_l1_loss(net.forward(some_input), some_target)
    loss.backward()
    optimizer.step()
