import torch

x = torch.ones(1, 2)
w = torch.ones(2, 2, requires_grad=True)
z = x @ w
loss = (z**2).mean()
loss.backward()
print(w.grad)
