# turns: 3
# graphs: 1
# names: w
# updates: w
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.05)
data = [[1.0, 2.0], [3.0, "?"], [0.5, 0.5], [2.0, 1.0]]
for row in data:
    try:
        x = torch.tensor(row)
        optimizer.zero_grad()
        loss = (w * x).sum().square()
        loss.backward()
        optimizer.step()
    except (TypeError, ValueError):
        print("bad row", row)
        continue
    finally:
        print("done")
