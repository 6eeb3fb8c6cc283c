import torch
from torch import nn

torch.set_default_device("meta")
net = nn.Linear(3, 2)
x = torch.randn(4, 3)
loss = net(x).pow(2).mean()
loss.backward()
print(loss.shape, net.weight.grad.shape, loss.device)
