import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
params = dict(net.named_parameters())
params = {k: v.detach() for k, v in params.items()}
x = torch.randn(4, 2)
y = torch.randn(4, 1)
def loss_fn(params):
    return ((torch.func.functional_call(net, params, (x,)) - y) ** 2).mean()
for step in range(3):
    grads, loss = torch.func.grad_and_value(loss_fn)(params)
    params = {k: params[k] - 0.1 * grads[k] for k in params}
    print(loss.item())
