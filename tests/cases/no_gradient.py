import torch

scalar = torch.tensor(3)
vector = torch.tensor([1.0, 2.0, 3.0])
matrix = torch.tensor([[1, 2], [3, 4], [5, 6]])
cube = torch.arange(24).reshape(2, 3, 4)
print(scalar.dtype, vector.dtype)
product = matrix.to(torch.float32).T @ vector
print(product, matrix.view(2, 3), cube.shape)
