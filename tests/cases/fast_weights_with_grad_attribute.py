import torch

w = torch.tensor([2.0, 1.0], requires_grad=True)
((w - 3) ** 2).sum().backward()
fast = w - 0.1 * w.grad
loss = (fast * w).sum()
loss.backward()
print(w.grad)
