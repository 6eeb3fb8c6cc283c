# turns: 3
# graphs: 1
# names: model.weight model.bias micro_x micro_y
import torch
from torch import nn
torch.manual_seed(0)
model = nn.Linear(2, 1)
x, y = torch.randn(6, 2), torch.randn(6, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
optimizer.zero_grad()
for micro_x, micro_y in zip(x.split(2), y.split(2)):
    loss = (model(micro_x) - micro_y).square().mean() / 3
    loss.backward()
optimizer.step()
print(model.weight)
