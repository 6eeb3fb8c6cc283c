# turns: 3
# graphs: 1
# names: w X
# updates: w
import torch

torch.manual_seed(0)
X = torch.randn(6, 3)
w = torch.randn(3)
w /= w.norm()
w.requires_grad_()
for step in range(3):
    variance = (X @ w).pow(2).mean()
    loss = -variance
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w /= w.norm()
    w.grad = None
    print(step, round(variance.item(), 4))
