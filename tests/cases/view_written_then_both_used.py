import torch

w = torch.randn(4, requires_grad=True)
x = w * 1
v = x[:2]
v *= 3
y = v.sum() + x.sum()
x[1:3].exp_()
z = (v * x[2:]).sum()
(y + z).backward()
print(w.grad)
