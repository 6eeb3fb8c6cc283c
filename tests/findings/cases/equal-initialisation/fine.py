import torch
from torch import nn

torch.manual_seed(0)
x, classes = torch.randn(6, 2), torch.tensor([0, 1, 2, 0, 1, 0])
net = nn.Sequential(nn.Linear(2, 4), nn.LayerNorm(4), nn.Tanh(), nn.Linear(4, 3))
nn.init.zeros_(net[3].weight)
nn.init.constant_(net[0].bias, 0.1)
for step in range(2):
    loss = nn.functional.cross_entropy(net(x), classes)
    loss.backward()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter -= 0.1 * parameter.grad
            parameter.grad = None
