import torch
from torch import nn

net = nn.Linear(2, 1)
optimizers = {p: torch.optim.SGD([p], lr=0.1) for p in net.parameters()}
def update(p):
    optimizers[p].step()
    optimizers[p].zero_grad()
for p in net.parameters():
    p.register_post_accumulate_grad_hook(update)
x = torch.randn(4, 2)
for step in range(3):
    loss = net(x).pow(2).mean()
    loss.backward()
    print(loss.item())
