import torch

x = torch.tensor([1.0, 2.0, 3.0])
w = torch.tensor(0.5, requires_grad=True)
for step in range(2):
    loss = ((w * x - 2 * x) ** 2).mean()
    loss.backward()
    print(w.grad)
    w = w - 0.05 * w.grad
