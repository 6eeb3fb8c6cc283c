import torch
from torch import nn

torch.manual_seed(3)

# eight layers of 32 numbers, each a matrix and a ReLU
width, std = 32, 0.25
x = torch.randn(16, width)
net = nn.Sequential(*[nn.Linear(width, width, bias=False) for _ in range(8)])
for layer in net:
    nn.init.normal_(layer.weight, std=std)

h = x
outputs = []
for layer in net:
    h = torch.relu(layer(h))
    outputs.append(h)

loss = h.square().mean()
loss.backward()

for number, output in enumerate(outputs, start=1):
    print(f'layer {number}: typical size {output.square().mean().sqrt().item():.3g}')
print(f'gradient of the first matrix {net[0].weight.grad.norm().item():.3g}')
print(f'gradient of the last matrix  {net[-1].weight.grad.norm().item():.3g}')
