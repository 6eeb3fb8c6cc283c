import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 1))
x = torch.randn(4, 2, requires_grad=True)
g = torch.autograd.grad(net(x).sum(), x)[0]
length = g.norm(dim=1)
penalty = ((length - 1) ** 2).mean()
penalty.backward()
