import torch
from torch import nn

net = nn.Linear(3, 2)
x = torch.randn(4, 3)
y = torch.tensor([0, 1, 0, 1])
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(2):
    x_adv = x.clone().requires_grad_()
    (g,) = torch.autograd.grad(nn.functional.cross_entropy(net(x_adv), y), x_adv)
    x_adv = (x_adv + 0.1 * g.sign()).detach()
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x_adv), y)
    loss.backward()
    opt.step()
    print(loss.item())
