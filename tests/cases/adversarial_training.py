import torch
from torch import nn
net = nn.Linear(2, 3)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.tensor([0, 1, 2, 0])
for i in range(2):
    xa = x.clone().requires_grad_(True)
    l0 = nn.functional.cross_entropy(net(xa), y)
    l0.backward()
    adv = (x + 0.1 * xa.grad.sign()).detach()
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(adv), y)
    loss.backward()
    opt.step()
    print(loss.item())
