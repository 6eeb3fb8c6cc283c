# turns: 3
# graphs: 1
# names: x y
# by hand: params['weight'] params['bias']
# updates: params['weight'] params['bias']
import torch
from torch import nn
from torch.func import functional_call

torch.manual_seed(0)
net = nn.Linear(2, 1)
params = {name: p.detach().clone().requires_grad_() for name, p in net.named_parameters()}
x, y = torch.randn(4, 2), torch.randn(4, 1)
for step in range(3):
    loss = (functional_call(net, params, (x,)) - y).square().mean()
    gradients = torch.autograd.grad(loss, tuple(params.values()))
    params = {k: (p - 0.1 * g).detach().requires_grad_() for (k, p), g in zip(params.items(), gradients)}
print(params["bias"].item())
