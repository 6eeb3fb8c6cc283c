# turns: 3
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight model.bias
# by hand: model.weight model.bias
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
for epoch in range(3):
    loss = (model(x) - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        model.weight = nn.Parameter(model.weight - 0.1 * model.weight.grad)
        model.bias = nn.Parameter(model.bias - 0.1 * model.bias.grad)
