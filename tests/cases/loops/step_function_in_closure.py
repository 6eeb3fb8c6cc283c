# turns: 3
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight model.bias
import torch
from torch import nn


def make_train_step(model, loss_fn, optimizer):
    def perform_train_step(x, y):
        model.train()
        yhat = model(x)
        loss = loss_fn(yhat, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    return perform_train_step


torch.manual_seed(42)
x = torch.rand(5, 1)
y = 1 + 2 * x
model = nn.Linear(1, 1)
train_step = make_train_step(model, nn.MSELoss(reduction="mean"), torch.optim.SGD(model.parameters(), lr=0.1))
losses = []
for epoch in range(3):
    losses.append(train_step(x, y))
print(losses)
