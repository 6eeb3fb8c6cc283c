import torch

x = torch.tensor([0.5, 1.5], requires_grad=True)
y = torch.exp(x)
y = y + 1
loss = y.sum()
loss.backward()
