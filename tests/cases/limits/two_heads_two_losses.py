# cut: bytes
# turns: 80
import torch
from torch import nn

torch.manual_seed(4)
trunk, left, right = nn.Linear(20, 30), nn.Linear(30, 20), nn.Linear(30, 9)
optimizer = torch.optim.RMSprop([*trunk.parameters(), *left.parameters(), *right.parameters()], lr=1e-3)
for turn in range(80):
    x = torch.randn(20, 20)
    hidden = torch.relu(trunk(x))
    first, second = (left(hidden) - x).square().mean(), right(hidden).square().mean()
    optimizer.zero_grad()
    torch.autograd.backward([first, second])
    optimizer.step()
    print(first.item())
