import torch
from torch import nn

net = nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)
x = torch.randn(2, 3, 8, 8).to(memory_format=torch.channels_last)
net(x).sum().backward()
print(net.weight.grad.is_contiguous(memory_format=torch.channels_last), net.weight.grad.sum())
