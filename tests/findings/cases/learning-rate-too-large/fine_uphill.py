import torch

w = torch.tensor([1.0], requires_grad=True)
for step in range(6):
    reward = (w**2).sum()
    reward.backward()
    with torch.no_grad():
        w += 0.5 * w.grad
    w.grad = None
print(w)
