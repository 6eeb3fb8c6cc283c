# turns: 4
# graphs: 1 or 2
# names: fast.weight fast.bias
# updates: fast.weight fast.bias
# evaluations: 0 or 2
# loops: task=2 step=2
import copy

import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(1, 1)
x = torch.linspace(-1, 1, 4).view(-1, 1)
for slope in (1.0, -1.0):
    fast = copy.deepcopy(net)
    optimizer = torch.optim.SGD(fast.parameters(), lr=0.1)
    for step in range(2):
        loss = (fast(x) - slope * x).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        for p, q in zip(net.parameters(), fast.parameters()):
            p.add_(q - p, alpha=0.5)
