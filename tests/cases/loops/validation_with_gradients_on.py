# turns: 3
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight
# evaluations: 3
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
x_valid, y_valid = torch.randn(2, 2), torch.randn(2, 1)
for epoch in range(3):
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    val_loss = nn.functional.mse_loss(model(x_valid), y_valid)
    print(epoch, loss.item(), val_loss.item())
