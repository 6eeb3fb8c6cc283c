import torch
from torch import nn

torch.manual_seed(0)
rnn = nn.RNNCell(2, 4)
head = nn.Linear(4, 1)
optimizer = torch.optim.SGD([*rnn.parameters(), *head.parameters()], lr=0.05)
x, y = torch.randn(6, 3, 2), torch.randn(6, 3, 1)
h = torch.zeros(3, 4)
for t in range(6):
    h = rnn(x[t], h)
    loss = nn.functional.mse_loss(head(h), y[t])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    h = h.detach()
