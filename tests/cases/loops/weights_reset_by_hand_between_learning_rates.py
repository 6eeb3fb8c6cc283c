# turns: 6
# graphs: 1
# names: w x y
# updates: w
# loops: rate=3 step=2
import torch

torch.manual_seed(0)
x = torch.randn(6, 2)
y = x @ torch.tensor([1.0, -2.0])
w = torch.zeros(2, requires_grad=True)
for rate in (0.01, 0.1, 0.5):
    with torch.no_grad():
        w.zero_()
    for step in range(2):
        loss = (x @ w - y).square().mean()
        loss.backward()
        with torch.no_grad():
            w -= rate * w.grad
        w.grad = None
    print(rate, loss.item())
