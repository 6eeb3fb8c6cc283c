# turns: 2
# graphs: 1
# names: w x
# updates: w
# leaf: w [3.0, -1.0]
# edges: mul 2
import torch

x = torch.tensor([1.0, 2.0])
w = torch.tensor([0.5, 0.5], requires_grad=True)
print((w * x).sum().item())
with torch.no_grad():
    w.set_(torch.tensor([3.0, -1.0]))
for _ in range(2):
    loss = (w * x).square().sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.02 * w.grad
    w.grad = None
