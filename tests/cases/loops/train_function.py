# turns: 3
# graphs: 1
# names: net.fc1.weight net.fc1.bias net.fc2.weight net.fc2.bias data target
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 3)
        self.fc2 = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


def train(model, optimizer, batch, labels):
    model.train()
    for i in range(3):
        optimizer.zero_grad()
        output = model(batch)
        loss = F.cross_entropy(output, labels)
        loss.backward()
        optimizer.step()
        print("step", i, round(loss.item(), 4))


torch.manual_seed(0)
net = Net()
data, target = torch.randn(4, 2), torch.tensor([0, 1, 1, 0])
train(net, torch.optim.SGD(net.parameters(), lr=0.1), data, target)
