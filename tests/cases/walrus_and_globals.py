import torch

x = torch.tensor([1.0, -2.0], requires_grad=True)
if (y := x * 2).sum() < 0:
    z = -y
else:
    z = y
(first, *others), last = (z + 1, z + 2, z + 3), z.exp()
loss = sum([first.sum(), *[o.prod() for o in others]]) + last.mean()
loss.backward()
del y
print(x.grad)
