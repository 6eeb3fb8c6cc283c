# turns: 3
# graphs: 1
# names: w x
# updates: w
# evaluations: 0 or 1
import torch

x = torch.tensor([1.0, 2.0])
w = torch.tensor(0.0, requires_grad=True)
count = 0
while (loss := (w * x - x).square().mean()).item() > 0.05:
    loss.backward()
    with torch.no_grad():
        w -= 0.12 * w.grad
    w.grad = None
    count += 1
print(count, w.item())
