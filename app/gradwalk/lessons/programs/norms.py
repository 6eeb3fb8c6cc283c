import torch
import torch.nn.functional as F

# three samples (rows) with three features (columns) of very different size
numbers = [[1.0, 60.0, 200.0], [2.0, 10.0, 600.0], [6.0, 20.0, 100.0]]
a = torch.tensor(numbers, requires_grad=True)
b = torch.tensor(numbers, requires_grad=True)

by_column = F.batch_norm(a, None, None, training=True)
by_row = F.layer_norm(b, [3])

# one number of the first sample goes into the loss
loss = by_column[0, 0] + by_row[0, 0]
loss.backward()

print('batch norm:', a.grad, sep='\n')
print('layer norm:', b.grad, sep='\n')
