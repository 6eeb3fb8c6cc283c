# turns: 3
# graphs: 1
# names: w
# updates: w
import torch

w = torch.tensor([0.5, -0.5], requires_grad=True)
batches = [torch.tensor([1.0, 2.0]), None, torch.tensor([3.0, 1.0]), torch.tensor([-1.0, 1.0])]
for batch in batches:
    if batch is None:
        print("skipped")
        continue
    loss = ((w * batch).sum() - 1) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.05 * w.grad
    w.grad = None
