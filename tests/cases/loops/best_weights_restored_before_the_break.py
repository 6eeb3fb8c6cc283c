# turns: 3
# graphs: 1
# names: w x y
# updates: w
import torch

x, y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0])
w = torch.tensor(1.0, requires_grad=True)
best, best_loss = None, float("inf")
for epoch in range(10):
    loss = (w * x - y).pow(2).mean()
    loss.backward()
    if loss.item() < best_loss:
        best, best_loss = w.detach().clone(), loss.item()
    with torch.no_grad():
        w -= 0.11 * (epoch + 1) * w.grad
    w.grad = None
    if epoch == 2:
        with torch.no_grad():
            w.copy_(best)
        print("stopped", w.item())
        break
