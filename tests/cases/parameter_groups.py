import torch
from torch import nn

torch.manual_seed(0)
backbone, head = nn.Linear(2, 3), nn.Linear(3, 1)
optimizer = torch.optim.SGD(
    [{"params": backbone.parameters(), "lr": 0.01}, {"params": head.parameters(), "weight_decay": 0.1}], lr=0.1
)
x = torch.randn(4, 2)
for _ in range(2):
    optimizer.zero_grad()
    loss = head(torch.relu(backbone(x))).square().mean()
    loss.backward()
    optimizer.step()
print([group["lr"] for group in optimizer.param_groups], loss.item())
