# turns: 4
# graphs: 1 or 2
# names: model.weight model.bias x y
# updates: model.weight model.bias
import torch
from torch import nn


def train(model, lr, steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        loss = (model(x) - y).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


torch.manual_seed(0)
x, y = torch.randn(4, 2), torch.randn(4, 1)
model = nn.Linear(2, 1)
print(train(model, 0.1, 2))
print(train(model, 0.01, 2))
