# turns: 4
# graphs: 1
# names: w b x y
# updates: w b
# by hand: w b
# loops: epoch=2 batch=2
import torch
from torch.func import grad_and_value

torch.manual_seed(0)
data, labels = torch.randn(4, 2), torch.randn(4)
w, b = torch.zeros(2), torch.zeros(1)


def mean_error(w, b, x, y):
    return (x @ w + b - y).square().mean()


for epoch in range(2):
    for x, y in zip(data.split(2), labels.split(2)):
        (gw, gb), value = grad_and_value(mean_error, argnums=(0, 1))(w, b, x, y)
        w, b = w - 0.1 * gw, b - 0.1 * gb
        print(epoch, value.item())
