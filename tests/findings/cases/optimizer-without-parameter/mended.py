import torch
from torch import nn

torch.manual_seed(0)
hidden, out = nn.Linear(2, 4), nn.Linear(4, 1)
optimizer = torch.optim.Adam([*hidden.parameters(), *out.parameters()], lr=0.01)
x, y = torch.randn(8, 2), torch.randn(8, 1)
for step in range(3):
    loss = nn.functional.mse_loss(out(torch.tanh(hidden(x))), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
