import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(16, 3)
y = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3
hidden = nn.Linear(3, 6)
head = nn.Linear(6, 1)
optimizer = torch.optim.Adam([*hidden.parameters(), *head.parameters()], lr=0.01)


def predict(inputs):
    return head(torch.tanh(hidden(inputs)))


for step in range(4):
    loss = nn.functional.mse_loss(predict(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
