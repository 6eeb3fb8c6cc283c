import torch
from torch import nn

with torch.device("meta"):
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
print(net(torch.ones(4, 2, device="meta")).shape)
net = net.to_empty(device="cpu")
for p in net.parameters():
    nn.init.constant_(p, 0.5)
loss = net(torch.ones(4, 2)).sum()
loss.backward()
print(loss, net[0].weight.grad)
