# turns: 3
# graphs: 1
# passes: 2
# names: net.0.weight net.0.bias net.2.weight t
# updates: net.0.weight net.2.weight
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
t = torch.linspace(0, 1, 5).view(-1, 1).requires_grad_(True)
start = torch.zeros(1, 1)
for i in range(3):
    optimizer.zero_grad()
    u = net(t)
    dudt = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)[0]
    loss_physics = (dudt + u).pow(2).mean()
    loss_start = (net(start) - 1).pow(2).mean()
    loss = loss_start + 0.1 * loss_physics
    loss.backward()
    optimizer.step()
