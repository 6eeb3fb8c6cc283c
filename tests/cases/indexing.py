import torch

x = torch.arange(12.0).reshape(3, 4).requires_grad_()
row = x[1]
column = x[:, -1]
block = x[1:, ::2]
picked = x[torch.tensor([0, 2, 2]), torch.tensor([1, 1, 3])]
masked = x[x > 5]
wide = x[..., None]
loss = row.sum() + (column**2).sum() + block.mean() + picked.prod() + masked.sum() + wide.std()
loss.backward()
print(x.grad)
