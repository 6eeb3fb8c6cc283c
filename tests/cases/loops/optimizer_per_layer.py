# turns: 2
# graphs: 1
# names: layers[0].weight layers[1].weight x
# updates: layers[0].weight layers[1].weight
import torch
from torch import nn

torch.manual_seed(0)
layers = [nn.Linear(2, 3), nn.Linear(3, 1)]
optimizers = [torch.optim.SGD(layer.parameters(), lr=0.1 / (k + 1)) for k, layer in enumerate(layers)]
x = torch.randn(4, 2)
for step in range(2):
    h = x
    for layer in layers:
        h = torch.tanh(layer(h))
    loss = (h - 1).square().mean()
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
