# turns: 3
# graphs: 1
# names: params['w'] params['b'] x y
# updates: params['w'] params['b']
# by hand: params['w'] params['b']
import torch
from torch.func import grad

torch.manual_seed(0)
x, y = torch.randn(4, 2), torch.randn(4)
params = {"w": torch.zeros(2), "b": torch.zeros(1)}


def loss(params, x, y):
    return (x @ params["w"] + params["b"] - y).square().mean()


for step in range(3):
    gradients = grad(loss)(params, x, y)
    params = {name: p - 0.1 * gradients[name] for name, p in params.items()}
print(params["b"].item())
