# cut: bytes
# turns: 60
# passes: 2
import torch
from torch import nn

torch.manual_seed(6)
net = nn.Sequential(*[layer for _ in range(5) for layer in (nn.Linear(20, 20), nn.ELU())])
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for turn in range(60):
    out = net(torch.randn(20, 20))
    near, small = (out - 1).square().mean(), out.abs().mean()
    optimizer.zero_grad()
    near.backward(retain_graph=True)
    small.backward()
    optimizer.step()
    print(near.item())
    print(small.item())
