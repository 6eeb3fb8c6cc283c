import torch

# from one number to a block of numbers
scalar = torch.tensor(7)
vector = torch.tensor([1, 2, 3])
matrix = torch.tensor([[1, 2, 3], [4, 5, 6]])
block = torch.tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])

# and back again: an index takes one dimension away
layer = block[1]
row = layer[0]
number = row[1]

for name, tensor in [('scalar', scalar), ('vector', vector), ('matrix', matrix), ('block', block)]:
    print(f'{name}: {tensor.dim()} dimensions, {tensor.numel()} numbers')
