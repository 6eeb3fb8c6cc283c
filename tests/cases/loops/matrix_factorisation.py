# turns: 3
# graphs: 1
# names: U V R mask
# updates: U V
import torch

torch.manual_seed(0)
R = torch.tensor([[5.0, 3.0, 0.0], [4.0, 0.0, 1.0]])
mask = R > 0
U, V = torch.rand(2, 2, requires_grad=True), torch.rand(3, 2, requires_grad=True)
optimizer = torch.optim.SGD([{"params": [U], "lr": 0.1}, {"params": [V], "lr": 0.05}])
for epoch in range(3):
    error = ((U @ V.T - R) * mask).pow(2).sum() / mask.sum()
    optimizer.zero_grad()
    error.backward()
    optimizer.step()
