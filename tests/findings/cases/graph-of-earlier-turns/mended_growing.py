import torch
from torch import nn

torch.manual_seed(0)
rnn = nn.RNNCell(2, 4)
optimizer = torch.optim.SGD(rnn.parameters(), lr=0.05)
x = torch.randn(5, 3, 2)
h = torch.zeros(3, 4)
optimizer.zero_grad()
for t in range(5):
    h = rnn(x[t], h)
    loss = (h - 0.5).square().mean()
    loss.backward()
    h = h.detach()
optimizer.step()
