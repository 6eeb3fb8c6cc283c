import torch
from torch import nn

net = nn.Linear(3, 2)
x = torch.randn(4, 3, requires_grad=True)
y = torch.tensor([0, 1, 0, 1])
loss = nn.functional.cross_entropy(net(x), y)
loss.backward()
x_adv = x + 0.1 * x.grad.sign()
loss = nn.functional.cross_entropy(net(x_adv), y)
loss.backward()
print(x.grad, net.weight.grad)
