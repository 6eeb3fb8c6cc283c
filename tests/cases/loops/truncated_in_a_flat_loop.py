# turns: 3
# graphs: 1
# names: cell.weight_ih cell.weight_hh head.weight
# updates: cell.weight_ih cell.weight_hh cell.bias_ih cell.bias_hh head.weight head.bias
# evaluations: 9
import torch
from torch import nn
torch.manual_seed(0)
cell, head = nn.RNNCell(2, 3), nn.Linear(3, 1)
params = [*cell.parameters(), *head.parameters()]
opt = torch.optim.SGD(params, lr=0.05)
seq = torch.randn(12, 1, 2)
h = torch.zeros(1, 3)
losses = []
for t, x in enumerate(seq):
    h = cell(x, h)
    losses.append((head(h) - x.sum()).square().mean())
    if (t + 1) % 4 == 0:
        loss = torch.stack(losses).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        h = h.detach()
        losses = []
