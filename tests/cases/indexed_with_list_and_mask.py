import torch

w = torch.randn(4, 2, requires_grad=True)
x = w * 1
x[[0, 2]] += w[[1, 3]]
x[torch.tensor([True, False, True, False])] *= 2
x[..., 0] = x[..., 1] * 3
x[1, :] /= 2
x[-1] **= 2
x.masked_fill_(x > 5, 0.0)
x[0, 0] = w[3, 1]
x.index_add_(0, torch.tensor([0]), w[:1])
x.sum().backward()
print(w.grad)
