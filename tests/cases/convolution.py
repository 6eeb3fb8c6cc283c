import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 2, 3, padding=1)
        self.conv2 = nn.Conv2d(2, 3, 3)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(3, 2)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = nn.functional.adaptive_avg_pool2d(torch.relu(self.conv2(x)), 1)
        return self.fc(torch.flatten(x, 1))


torch.manual_seed(0)
net = Net()
loss = nn.functional.cross_entropy(net(torch.randn(2, 1, 8, 8)), torch.tensor([0, 1]))
loss.backward()
print(loss.item())
