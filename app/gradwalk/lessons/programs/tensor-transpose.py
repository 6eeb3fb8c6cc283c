import torch

matrix = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

# rows become columns
turned = matrix.T

# the same shape, another order
poured = matrix.reshape(3, 2)

# read row by row
flat = turned.reshape(6)

# twice is nothing
back = turned.T

print('turned:', turned.tolist())
print('poured:', poured.tolist())
