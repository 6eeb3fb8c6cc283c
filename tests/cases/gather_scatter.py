import torch

x = torch.arange(6.0).reshape(2, 3).requires_grad_()
index = torch.tensor([[2, 0], [1, 1]])
taken = x.gather(1, index)
spread = torch.zeros(2, 4).scatter(1, index, taken)
summed = torch.zeros(3).index_add(0, torch.tensor([0, 2]), x.sum(1))
added = torch.zeros(2, 3).scatter_add(1, index, taken * 2)
loss = spread.square().sum() + summed.prod() + added.sum() + x.take(torch.tensor([0, 5])).sum()
loss.backward()
print(x.grad)
