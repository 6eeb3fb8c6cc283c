# turns: 4
# graphs: 1
# names: w x
# updates: w
# by hand: w
import torch

x = torch.tensor([0.5, -1.0, 2.0])
w = torch.tensor(1.0, requires_grad=True)
for step in range(4):
    loss = (w * x - 1).pow(2).sum()
    loss.backward()
    w = (w - 0.05 * w.grad).detach().requires_grad_()
print(w.item())
