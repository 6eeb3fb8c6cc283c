import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(3)

# two pictures of 4 by 4 pixels: a bar that stands, and a bar that lies
pictures = torch.tensor([[[[0.0, 1.0, 0.0, 0.0]] * 4],
                         [[[0.0] * 4, [1.0] * 4, [0.0] * 4, [0.0] * 4]]]).reshape(2, 1, 4, 4)
kinds = torch.tensor([0, 1])


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(2, 2)

    def forward(self, x):
        found = F.relu(self.conv(x))
        strongest = self.pool(found)
        return self.head(strongest.flatten(1))


net = CNN()
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)

for turn in range(20):
    scores = net(pictures)
    loss = F.cross_entropy(scores, kinds)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

print(f'loss {loss.item():.4f}')
