import torch
from torch import nn

torch.manual_seed(5)
rnn = nn.LSTM(3, 4, batch_first=True)
head = nn.Linear(4, 2)
x = torch.randn(2, 5, 3)
out, (h, c) = rnn(x)
loss = head(out[:, -1]).sum() + c.mean()
loss.backward()
