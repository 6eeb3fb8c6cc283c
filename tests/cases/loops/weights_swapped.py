# turns: 2
# graphs: 1
# names: layer.weight layer.bias x
# updates: layer.weight layer.bias
# leaf: layer.weight [0.5, -0.5]
# edges: linear 3
import torch
from torch import nn

torch.manual_seed(0)
layer = nn.Linear(2, 1)
print(layer.weight.norm().item() < 2)
torch.utils.swap_tensors(layer.weight, nn.Parameter(torch.tensor([[0.5, -0.5]])))
x = torch.tensor([[1.0, 3.0], [2.0, 0.0]])
optimizer = torch.optim.SGD(layer.parameters(), lr=0.05)
for _ in range(2):
    optimizer.zero_grad()
    loss = layer(x).pow(2).mean()
    loss.backward()
    optimizer.step()
