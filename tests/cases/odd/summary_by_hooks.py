import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 3))
shapes = {}
def save(name):
    def hook(module, args, output):
        shapes[name] = tuple(output.shape)
    return hook
handles = [m.register_forward_hook(save(n)) for n, m in net.named_children()]
with torch.no_grad():
    net(torch.zeros(1, 1, 8, 8))
for h in handles:
    h.remove()
print(shapes)
loss = net(torch.ones(1, 1, 8, 8)).sum()
loss.backward()
