import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(1)

# four flats: their size in square metres and the number of their rooms, and whether they are dear
flats = torch.tensor([[30.0, 1.0], [45.0, 2.0], [80.0, 3.0], [120.0, 5.0]])
dear = torch.tensor([[0.0], [0.0], [1.0], [1.0]])

norm = nn.BatchNorm1d(2)
layer = nn.Linear(2, 1)
optimizer = torch.optim.SGD([*norm.parameters(), *layer.parameters()], lr=0.5)

for turn in range(10):
    even = norm(flats)
    score = layer(even)
    loss = F.binary_cross_entropy_with_logits(score, dear)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

print(f'loss {loss.item():.4f}, running mean {norm.running_mean.tolist()}')
