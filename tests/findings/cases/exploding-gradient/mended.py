import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential()
for layer in range(6):
    net.append(nn.Linear(8, 8))
    nn.init.normal_(net[-1].weight, std=0.3)
first = nn.Linear(8, 8)
with torch.no_grad():
    first.weight.mul_(1.0)
x, y = torch.randn(8, 8), torch.randn(8, 8)
loss = nn.functional.mse_loss(net(torch.tanh(first(x))), y)
loss.backward()
