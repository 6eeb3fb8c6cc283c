import torch
from torch import nn
lin = nn.Linear(2, 1)
lin.weight.data.fill_(0.5)
with torch.no_grad():
    lin.bias.copy_(torch.ones(1))
loss = lin(torch.ones(1, 2)).sum()
loss.backward()
print(lin.weight.grad)
