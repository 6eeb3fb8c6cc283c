import torch
import torch.nn.functional as F

# a table with a row of three numbers for each of five tokens
table = torch.tensor([[0.0, 1.0, 0.0],
                      [1.0, 1.0, 2.0],
                      [2.0, 0.0, 1.0],
                      [0.0, 3.0, 1.0],
                      [1.0, 0.0, 0.0]], requires_grad=True)

# a text of three tokens, the first and the last are the same
ids = torch.tensor([2, 0, 2])
rows = F.embedding(ids, table)

factors = torch.tensor([[1.0, 1.0, 1.0], [2.0, 0.0, 1.0], [0.0, 3.0, 1.0]])
loss = (factors * rows).sum()
loss.backward()

print(table.grad.tolist())
