import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
for _ in range(3):
    loss = (w**2).sum()
    loss.backward()
    w.data -= 0.1 * w.grad.data
    w.grad.zero_()
print(w)
