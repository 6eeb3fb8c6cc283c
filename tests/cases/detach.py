import torch

x = torch.tensor([0.5, 1.5], requires_grad=True)
y = x.exp()
target = y.detach()
copy = y.detach().clone().requires_grad_()
straight = y + (y.round() - y).detach()
loss = ((y - 2 * target) ** 2).sum() + (copy * straight).sum()
loss.backward()
print(x.grad, copy.grad)
