import torch

x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
h = x.clone()
column = h[:, 0]
column.mul_(10)
h.t()[1].add_(x[0])
h.fill_diagonal_(0.5)
loss = h.exp().log1p().sum()
loss.backward()
print(h, x.grad)
