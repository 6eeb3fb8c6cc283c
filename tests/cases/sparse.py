import torch

indices = torch.tensor([[0, 1, 2], [1, 0, 1]])
values = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
matrix = torch.sparse_coo_tensor(indices, values, (3, 2), check_invariants=True)
dense = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
product = torch.sparse.mm(matrix, dense)
loss = product.sum() + matrix.to_dense().square().sum()
loss.backward()
print(product, values.grad, dense.grad)
