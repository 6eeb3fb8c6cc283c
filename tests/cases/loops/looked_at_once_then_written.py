# turns: 1
# graphs: 1
# names: net.weight net.bias x
# leaf: net.weight [1.5, 1.5]
# edges: linear 3
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 1)
print(net.weight.mean().item() < 1, net.weight[0, 0].item() < 1)
net.weight.data.fill_(1.5)
x = torch.tensor([[1.0, 2.0]])
loss = (net(x) - 1).square().sum()
loss.backward()
print(net.weight.grad)
