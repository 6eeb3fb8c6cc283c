import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

torch.manual_seed(0)
layer = weight_norm(nn.Linear(3, 2))
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
x = torch.randn(4, 3)
for _ in range(2):
    optimizer.zero_grad()
    loss = layer(x).square().mean()
    loss.backward()
    optimizer.step()
print(loss.item())
