import copy
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, SWALR, get_ema_multi_avg_fn

net = nn.Linear(2, 1)
ema = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.9))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(4, 2)
for step in range(3):
    opt.zero_grad()
    net(x).pow(2).mean().backward()
    opt.step()
    ema.update_parameters(net)
print(ema(x).mean())
