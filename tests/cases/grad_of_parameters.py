import torch
from torch import nn
net = nn.Linear(2, 1)
for i in range(2):
    loss = net(torch.ones(1, 2)).pow(2).sum()
    grads = torch.autograd.grad(loss, net.parameters())
    with torch.no_grad():
        for p, g in zip(net.parameters(), grads):
            p -= 0.1 * g
    print(loss.item())
