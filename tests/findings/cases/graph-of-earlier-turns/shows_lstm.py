import torch
from torch import nn

torch.manual_seed(0)
lstm = nn.LSTM(2, 4)
head = nn.Linear(4, 1)
optimizer = torch.optim.Adam([*lstm.parameters(), *head.parameters()], lr=0.01)
x, y = torch.randn(6, 3, 2), torch.randn(6, 3, 1)
h, c = torch.zeros(1, 3, 4), torch.zeros(1, 3, 4)
for start in range(0, 6, 2):
    out, (h, c) = lstm(x[start : start + 2], (h, c))
    loss = nn.functional.mse_loss(head(out), y[start : start + 2])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
