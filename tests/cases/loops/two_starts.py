# turns: 6
# graphs: 1
# names: x
# updates: x
import torch


def f(x):
    return x**4 - 3 * x**2 + x


for start in (2.0, -2.0):
    x = torch.tensor(start, requires_grad=True)
    for _ in range(3):
        y = f(x)
        y.backward()
        with torch.no_grad():
            x -= 0.01 * x.grad
        x.grad.zero_()
    print(f"from {start} to {x.item():.4f}")
