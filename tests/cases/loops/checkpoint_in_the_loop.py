# turns: 4
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight
import copy

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
best_loss, best_state = float("inf"), None
for epoch in range(4):
    loss = nn.functional.mse_loss(model(x), y)
    if loss.item() < best_loss:
        best_loss, best_state = loss.item(), copy.deepcopy(model.state_dict())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(round(best_loss, 4), sorted(best_state))
