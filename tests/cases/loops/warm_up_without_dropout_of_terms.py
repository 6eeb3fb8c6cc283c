# turns: 4
# graphs: 2
# names: model.weight x y
# updates: model.weight
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
x, y = torch.randn(4, 2), torch.randn(4, 1)
warmup = 1
for step in range(4):
    for group in optimizer.param_groups:
        group["lr"] = 0.1 * min(1.0, (step + 1) / 2)
    out = model(x)
    loss = nn.functional.l1_loss(out, y)
    if step >= warmup:
        loss = loss + nn.functional.mse_loss(out, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
