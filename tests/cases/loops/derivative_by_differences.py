# turns: 3
# graphs: 1
# passes: 0
# names: w b
# updates: w b
# by hand: w b
import torch

t_u = torch.tensor([0.35, 0.56, 0.58])
t_c = torch.tensor([0.5, 1.4, 1.5])
w, b = torch.ones(()), torch.zeros(())
delta = 0.1


def loss(slope, offset):
    return ((slope * t_u + offset - t_c) ** 2).mean()


for step in range(3):
    slope_w = (loss(w + delta, b) - loss(w - delta, b)) / (2.0 * delta)
    slope_b = (loss(w, b + delta) - loss(w, b - delta)) / (2.0 * delta)
    w = w - 0.1 * slope_w
    b = b - 0.1 * slope_b
    print(step, slope_w.item(), slope_b.item())
