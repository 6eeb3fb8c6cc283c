import torch

w = torch.randn(3, 3, requires_grad=True)
a = w * 2
a.diagonal().fill_(0)
a[0, 1:].mul_(w[0, 1:])
b = a[1:][:, 1:]
b[0] = 1
b.t()[0].sub_(w[0, 0])
loss = (a * a).sum()
loss.backward()
print(a, w.grad)
