import torch

row = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
column = torch.tensor([[10.0], [20.0]], requires_grad=True)
scale = torch.tensor(0.5, requires_grad=True)
table = row + column
loss = (scale * table / row).sum()
loss.backward()
print(table, row.grad, column.grad, scale.grad)
