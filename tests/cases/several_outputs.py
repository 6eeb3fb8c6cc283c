import torch

x = torch.arange(6.0).reshape(2, 3).requires_grad_()
left, right = x.split([1, 2], dim=1)
best, index = right.max(dim=1)
loss = (left.squeeze(1) * best).sum()
loss.backward()
print(index, x.grad)
