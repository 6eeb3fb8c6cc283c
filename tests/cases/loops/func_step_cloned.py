# turns: 3
# graphs: 1
# names: w x y
# updates: w
# by hand: w
import torch
from torch.func import grad

torch.manual_seed(0)
x, y = torch.randn(5, 2), torch.randn(5)
w = torch.zeros(2)
for step in range(3):
    slope = grad(lambda w: (x @ w - y).square().mean())(w)
    w = (w - 0.1 * slope).detach().clone()
    print(step, w.tolist())
