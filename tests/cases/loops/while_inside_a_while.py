# turns: 6
# graphs: 1
# names: w x
# updates: w
# loops: round=2 step=3
import torch

w = torch.tensor([1.0, -2.0], requires_grad=True)
x = torch.tensor([0.5, 1.5])
round = 0
while round < 2:
    step = 0
    while step < 3:
        loss = (w * x).pow(2).sum()
        loss.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
        w.grad = None
        step += 1
    round += 1
