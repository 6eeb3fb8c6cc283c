# turns: 4
# graphs: 2
# names: body.weight body.bias head.weight head.bias
# updates: head.weight
import torch
from torch import nn

torch.manual_seed(0)
body, head = nn.Linear(2, 3), nn.Linear(3, 1)
body.requires_grad_(False)
optimizer = torch.optim.SGD([*body.parameters(), *head.parameters()], lr=0.1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
for epoch in range(4):
    if epoch == 2:
        body.requires_grad_(True)
    optimizer.zero_grad()
    loss = (head(torch.tanh(body(x))) - y).pow(2).mean()
    loss.backward()
    optimizer.step()
