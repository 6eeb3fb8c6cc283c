import torch

x = torch.arange(12.0).reshape(4, 3).requires_grad_()
first, rest = x.split([1, 3])
top, bottom = torch.chunk(rest, 2)
a, b, c = x.unbind(dim=1)
values, indices = x.topk(2, dim=1)
loss = (first * top.sum(0)).sum() + (a * b - c).pow(2).mean() + values.prod()
loss.backward()
print(indices.tolist(), bottom.shape, x.grad)
