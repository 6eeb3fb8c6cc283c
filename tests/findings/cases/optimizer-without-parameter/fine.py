import torch
from torch import nn

torch.manual_seed(0)
body, head = nn.Linear(2, 3).requires_grad_(False), nn.Linear(3, 1)
optimizer = torch.optim.SGD(head.parameters(), lr=0.1)
x = torch.randn(4, 2, requires_grad=True)
for step in range(2):
    loss = head(body(x)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(x.grad)
