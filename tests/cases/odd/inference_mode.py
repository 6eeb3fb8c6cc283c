import torch
from torch import nn

net = nn.Linear(2, 1)
x = torch.randn(3, 2)
with torch.inference_mode():
    y = net(x)
    y += 1
    y[0] = 2
    print(y)
@torch.inference_mode()
def evaluate():
    return net(x).mean()
print(evaluate())
loss = net(x).sum()
loss.backward()
print(net.weight.grad)
z = y.clone()
z.add_(1)
print(z)
