import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(16, 3)
y = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3
body = nn.Sequential(nn.Linear(3, 6), nn.BatchNorm1d(6), nn.Tanh())
head = nn.Linear(6, 1)
for parameter in body.parameters():
    parameter.requires_grad = False
body.eval()
optimizer = torch.optim.SGD(head.parameters(), lr=0.05)
for step in range(4):
    loss = nn.functional.mse_loss(head(body(x)), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
