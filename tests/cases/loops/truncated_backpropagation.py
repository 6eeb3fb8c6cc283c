# turns: 3
# graphs: 1
# names: cell.weight_ih cell.weight_hh head.weight
# updates: cell.weight_ih head.bias
# loops: chunk=3
import torch
from torch import nn

torch.manual_seed(0)
cell, head = nn.RNNCell(1, 2), nn.Linear(2, 1)
optimizer = torch.optim.SGD([*cell.parameters(), *head.parameters()], lr=0.1)
sequence = torch.randn(6, 1, 1)
h = torch.zeros(1, 2)
for chunk in range(3):
    h.detach_()
    loss = 0
    for t in range(2):
        x = sequence[2 * chunk + t]
        h = cell(x, h)
        loss = loss + (head(h) - x).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(chunk, loss.item())
