import torch

# from a single number to a block of numbers
scalar = torch.tensor(7)
vector = torch.tensor([1.0, 2.0, 3.0])
matrix = torch.tensor([[1, 2, 3], [4, 5, 6]])
block = torch.tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])

for name, t in [('scalar', scalar), ('vector', vector), ('matrix', matrix), ('block', block)]:
    print(f'{name}: shape {tuple(t.shape)}, {t.dtype}')

# whole numbers become int64, decimals float32; .to changes it
numbers = matrix.to(torch.float32)

# the same six numbers in other shapes
tall = numbers.reshape(3, 2)
flat = tall.view(6)
turned = numbers.T

# rows times columns
product = numbers.matmul(turned)
weighted = numbers @ vector

print(product)
print(weighted)
