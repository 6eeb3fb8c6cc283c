# cut: no
# turns: 8
import torch
from torch import nn

torch.manual_seed(13)
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 10))
optimizer = torch.optim.Adam(net.parameters())
for batch in range(8):
    loss = nn.functional.cross_entropy(net(torch.rand(16, 1, 28, 28)), torch.randint(0, 10, (16,)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
