# turns: 6
# graphs: 1
# names: w x y
# updates: w
# loops: lr=2 step=3
import torch

x, y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0])
results = {}
for lr in (0.01, 0.1):
    w = torch.zeros(1, requires_grad=True)
    for step in range(3):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        w.grad = None
    results[lr] = loss.item()
print(min(results, key=results.get))
