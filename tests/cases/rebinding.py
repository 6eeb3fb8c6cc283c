import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x
x = x * 2
x = x + y
y, x = x, y * 3
z = alias = y - x
y = (y * z).sum()
y.backward()
print(x, alias.shape)
