import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
for _ in range(3):
    loss = (w - 3).square().sum()
    loss.backward()
    w = (w - 0.1 * w.grad).detach().requires_grad_()
print(w, loss.item())
