import torch

numbers = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
vector = torch.tensor([1.0, 2.0, 3.0])

# number by number
squares = numbers * numbers

# each row times the vector, added up
weighted = numbers @ vector

# each row times each column, added up
turned = numbers.T
product = numbers.matmul(turned)

print(weighted)
print(product)
