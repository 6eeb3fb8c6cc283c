import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(16, 3)
y = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3
net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for step in range(5):
    if step == 2:
        for parameter in net[0].parameters():
            parameter.requires_grad = False
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    optimizer.step()
