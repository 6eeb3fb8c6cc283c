# turns: 2
# graphs: 1
# names: layer.weight layer.bias x
# updates: layer.weight layer.bias
# leaf: layer.weight [1.0, -1.0]
# edges: linear 3
import torch
from torch import nn

torch.manual_seed(0)
layer = nn.Linear(2, 1)
print(layer.weight[0].shape, layer.weight.view(-1).shape[0], layer.weight.mean().item() < 1)
with torch.no_grad():
    layer.weight[0, 0] = 1.0
    layer.weight[0, 1] = -1.0
x = torch.tensor([[1.0, 2.0], [0.5, 0.0]])
for step in range(2):
    loss = (layer(x) - 1).square().mean()
    loss.backward()
    with torch.no_grad():
        for p in layer.parameters():
            p.sub_(0.1 * p.grad)
    layer.zero_grad()
