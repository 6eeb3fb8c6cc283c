# turns: 3
# graphs: 1
# names: weights['0.weight'] weights['0.bias'] weights['2.weight'] x y
# updates: weights['0.weight'] weights['0.bias'] weights['2.weight'] weights['2.bias']
# by hand: weights['0.weight'] weights['0.bias'] weights['2.weight'] weights['2.bias']
import torch
from torch import nn
from torch.func import functional_call, grad

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
weights = {name: p.detach() for name, p in net.named_parameters()}
x, y = torch.randn(4, 2), torch.randn(4, 1)


def compute_loss(weights, x, y):
    return nn.functional.mse_loss(functional_call(net, weights, (x,)), y)


for step in range(3):
    gradients = grad(compute_loss)(weights, x, y)
    weights = {name: weights[name] - 0.5 * gradients[name] for name in weights}
