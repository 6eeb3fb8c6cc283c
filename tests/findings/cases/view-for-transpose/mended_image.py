import torch
from torch import nn

torch.manual_seed(0)
pictures = torch.rand(4, 6, 6, 3)
classes = torch.tensor([0, 1, 1, 0])
net = nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32, 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for step in range(4):
    loss = nn.functional.cross_entropy(net(pictures.permute(0, 3, 1, 2)), classes)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
