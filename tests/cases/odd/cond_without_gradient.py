import torch

x = torch.tensor([1.0, 2.0])
y = torch.cond(x.sum() > 0, lambda x: x * 2, lambda x: x.sin(), (x,))
print(y)
