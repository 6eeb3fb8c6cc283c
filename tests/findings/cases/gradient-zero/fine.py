import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.zeros(2, requires_grad=True)
for step in range(3):
    loss = ((w * v).sum() - 1) ** 2
    loss.backward()
    with torch.no_grad():
        for p in (w, v):
            p -= 0.03 * p.grad
            p.grad = None
fitted = ((w - w.detach()) ** 2).sum()
fitted.backward()
