import torch
from torch import nn


def initialize(module):
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        module.bias.data.fill_(0.01)


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)).apply(initialize)
model[0].weight.data[0] = 1.0
model[2].weight.data.copy_(torch.ones(1, 3))
model[2].bias.data = torch.zeros(1)
loss = model(torch.ones(1, 2)).sum()
loss.backward()
print(loss.item(), model[0].weight.grad)
