import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 1)

    def forward(self, x):
        return torch.relu(self.fc(x))

net = torch.jit.script(Net())
optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
x = torch.rand(4, 3)
for step in range(3):
    optimizer.zero_grad()
    loss = (net(x) - 1).pow(2).mean()
    loss.backward()
    optimizer.step()
    print(loss.item())
