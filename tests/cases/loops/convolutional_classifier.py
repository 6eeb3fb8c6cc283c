# turns: 2
# graphs: 1
# names: net.conv.weight net.bn.weight net.fc.weight net.fc.bias images labels
# updates: net.conv.weight net.fc.bias
import torch
import torch.nn.functional as F
from torch import nn


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1)
        self.bn = nn.BatchNorm2d(2)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        x = self.pool(F.relu(self.bn(self.conv(x))))
        return self.fc(torch.flatten(x, 1))


torch.manual_seed(0)
net = CNN()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
trainloader = [(torch.randn(2, 1, 4, 4), torch.tensor([0, 2])), (torch.randn(2, 1, 4, 4), torch.tensor([1, 1]))]
running_loss = 0.0
for i, data in enumerate(trainloader, 0):
    images, labels = data
    optimizer.zero_grad()
    loss = F.cross_entropy(net(images), labels)
    loss.backward()
    optimizer.step()
    running_loss += loss.item()
print(running_loss)
