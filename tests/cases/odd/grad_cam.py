import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 3))
kept = {}
net[0].register_forward_hook(lambda m, i, o: kept.update(a=o))
net[0].register_full_backward_hook(lambda m, gi, go: kept.update(g=go[0]))
out = net(torch.randn(1, 1, 8, 8))
out[0, 1].backward()
cam = (kept["a"] * kept["g"].mean((2, 3), keepdim=True)).sum(1).relu()
print(cam.shape, cam.sum())
