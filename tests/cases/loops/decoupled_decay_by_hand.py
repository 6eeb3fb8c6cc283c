# turns: 3
# graphs: 1
# names: model.weight model.bias x
# updates: model.weight model.bias
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 2)
x = torch.randn(3, 2)
lr, decay = 0.1, 0.01
for step in range(3):
    loss = model(x).logsumexp(dim=1).mean()
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(1 - lr * decay)
            p.add_(p.grad, alpha=-lr)
