# turns: 2
# graphs: 1
# names: first.weight second.weight x
# updates: first.weight second.weight
# edges: linear 2
import torch
from torch import nn
from torch.utils import swap_tensors

torch.manual_seed(0)
first, second = nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False)
print(first.weight.norm().item() > 0, second.weight.mean().item() < 1)


def exchange(one, other):
    swap_tensors(one.weight, other.weight)


exchange(first, second)
optimizer = torch.optim.SGD([first.weight, second.weight], lr=0.1)
x = torch.randn(3, 2)
for step in range(2):
    optimizer.zero_grad()
    loss = second(torch.tanh(first(x))).pow(2).mean()
    loss.backward()
    optimizer.step()
