# turns: 3
# graphs: 1
# names: w b x y
# updates: w b
# by hand: w b
import torch

torch.manual_seed(0)
x, y = torch.randn(4, 2), torch.randn(4)
w = torch.zeros(2, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(3):
    loss = (x @ w + b - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w = w - 0.1 * w.grad
        b = b - 0.1 * b.grad
    w.requires_grad = True
    b.requires_grad = True
