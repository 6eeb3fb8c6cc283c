# turns: 4
# graphs: 2
# names: w x y
# updates: w
import torch

torch.manual_seed(0)
x, y = torch.randn(5, 2), torch.randn(5)
w = torch.zeros(2, requires_grad=True)
for step in range(1, 5):
    loss = (x @ w - y).pow(2).mean()
    if step % 2 == 0:
        loss = loss + 0.1 * w.abs().sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.2 * w.grad
    w.grad = None
