# turns: 4
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight model.bias
# evaluations: 1
import copy, torch
from torch import nn
torch.manual_seed(0)
model = nn.Linear(2, 1)
x, y = torch.randn(6, 2), torch.randn(6, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
best, best_state = float("inf"), None
for step in range(4):
    loss = (model(x) - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if loss.item() < best:
        best, best_state = loss.item(), copy.deepcopy(model.state_dict())
    if step == 2:
        model.load_state_dict(best_state)
model.load_state_dict(best_state)
print(model(x).mean())
