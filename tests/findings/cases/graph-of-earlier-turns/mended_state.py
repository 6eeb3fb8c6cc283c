import torch
from torch import nn

torch.manual_seed(0)
cell, head = nn.LSTMCell(2, 3), nn.Linear(3, 1)
optimizer = torch.optim.SGD([*cell.parameters(), *head.parameters()], lr=0.1)
state = (torch.zeros(4, 3), torch.zeros(4, 3))
for turn in range(4):
    state = cell(torch.randn(4, 2), state)
    loss = (head(state[0]) - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    state = tuple(part.detach() for part in state)
