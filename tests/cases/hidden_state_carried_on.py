import torch
from torch import nn

torch.manual_seed(0)
rnn = nn.RNN(1, 2)
optimizer = torch.optim.SGD(rnn.parameters(), lr=0.1)
h = torch.zeros(1, 1, 2)
for chunk in torch.randn(6, 1, 1).split(2):
    out, h = rnn(chunk, h)
    loss = out.square().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    h = h.detach()
print(h)
