import torch
from torch import nn
from torch.utils.checkpoint import checkpoint, checkpoint_sequential

net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2), nn.Tanh())
x = torch.randn(4, 2, requires_grad=True)
for reentrant in (True, False):
    loss = checkpoint(net, x, use_reentrant=reentrant).sum()
    loss.backward()
    print(x.grad, net[0].weight.grad)
loss = checkpoint_sequential(net, 2, x, use_reentrant=False).sum()
loss.backward()
print(net[0].bias.grad)
