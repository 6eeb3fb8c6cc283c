# turns: 4
# graphs: 2
# names: model.weight model.bias x y
# updates: model.weight model.bias
import torch
from torch import nn
torch.manual_seed(0)
model = nn.Linear(2, 1)
x, y = torch.randn(6, 2), torch.randn(6, 1)
start = {k: v.clone() for k, v in model.state_dict().items()}
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(2):
    loss = (model(x) - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
model.load_state_dict(start)
optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
for step in range(2):
    loss = (model(x) - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(model.weight)
