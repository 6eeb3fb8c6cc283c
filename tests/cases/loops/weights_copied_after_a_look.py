# turns: 2
# graphs: 1
# names: layer.weight layer.bias x
# updates: layer.weight layer.bias
# leaf: layer.weight [1.0, 2.0, 3.0, 4.0]
# edges: linear 3
import torch
from torch import nn

torch.manual_seed(0)
layer = nn.Linear(2, 2)
print((layer.weight @ torch.ones(2)).shape, layer.bias.sum().item() < 5)
with torch.no_grad():
    layer.weight.copy_(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    layer.bias.zero_()
x = torch.tensor([[1.0, -1.0]])
for _ in range(2):
    loss = layer(x).square().sum()
    loss.backward()
    with torch.no_grad():
        for p in layer.parameters():
            p -= 0.01 * p.grad
            p.grad = None
