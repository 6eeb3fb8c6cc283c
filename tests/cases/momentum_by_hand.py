import torch

w = torch.tensor([4.0, -2.0], requires_grad=True)
velocity = torch.zeros_like(w)
for _ in range(4):
    loss = (w**2).sum()
    (gradient,) = torch.autograd.grad(loss, w)
    velocity = 0.9 * velocity - 0.1 * gradient
    with torch.no_grad():
        w.add_(velocity)
print(w, velocity)
