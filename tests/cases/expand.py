import torch

x = torch.tensor([[1.0], [2.0]], requires_grad=True)
wide = x.expand(2, 3)
same = x.expand(-1, 3).expand_as(wide)
tiled = x.repeat(1, 2)
twice = torch.repeat_interleave(x, 2, dim=0)
loss = (wide * same).sum() + tiled.prod() + twice.mean()
loss.backward()
print(x.grad)
