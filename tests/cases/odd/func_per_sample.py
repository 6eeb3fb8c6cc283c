import torch
from torch import nn
from torch.func import functional_call, grad, vmap

net = nn.Linear(2, 1)
params = {k: v.detach() for k, v in net.named_parameters()}
x = torch.randn(5, 2)
y = torch.randn(5, 1)
def loss(p, x, y):
    return (functional_call(net, p, (x.unsqueeze(0),)).squeeze(0) - y).pow(2).mean()
per = vmap(grad(loss), in_dims=(None, 0, 0))(params, x, y)
print({k: v.shape for k, v in per.items()}, per["bias"])
