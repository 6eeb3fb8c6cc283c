import torch

w = torch.tensor(1.0, requires_grad=True)
for step in range(4):
    loss = (2 * w - 4) ** 2
    loss.backward()
    with torch.no_grad():
        w -= 0.05 * w.grad
    w.grad = None
    print(step, w.item())
