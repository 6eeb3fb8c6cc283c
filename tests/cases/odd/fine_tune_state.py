import torch
from torch import nn

a = nn.Linear(2, 2)
b = nn.Linear(2, 2)
b.load_state_dict(a.state_dict(), assign=True)
b.weight = nn.Parameter(b.weight * 2)
loss = b(torch.ones(1, 2)).sum()
loss.backward()
print(b.weight.grad, a.weight.grad)
