import torch

# whole numbers become int64, numbers with a decimal point float32
counts = torch.tensor([1, 2, 3])
prices = torch.tensor([0.5, 1.5, 2.9])
print('counts:', counts.dtype)
print('prices:', prices.dtype)

# the type of a result
total = counts * prices
half = counts / 2

# another type for the same numbers
decimals = counts.to(torch.float32)
cut = prices.to(torch.int64)
enough = prices > 1

for name, tensor in [('total', total), ('half', half), ('decimals', decimals), ('cut', cut), ('enough', enough)]:
    print(f'{name}: {tensor.dtype}')
