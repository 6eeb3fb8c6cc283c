# turns: 3
# graphs: 1 or 2
# names: w x
# updates: w
# by hand: w
import torch
from torch.func import grad

torch.manual_seed(0)
x = torch.randn(5, 2)
w = torch.tensor([1.0, -1.0])
velocity = torch.zeros(2)
step = 0
while step < 3:
    gradient = grad(lambda w: (x @ w).sin().sum())(w)
    velocity = 0.9 * velocity + gradient
    w = w - 0.1 * velocity
    step += 1
