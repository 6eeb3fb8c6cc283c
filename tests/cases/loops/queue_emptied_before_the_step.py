# turns: 2
# graphs: 1
# names: model.weight model.bias
# updates: model.weight model.bias
# loops: batch=2
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for batch in torch.randn(2, 3, 2):
    queue, losses = list(batch), []
    while queue:
        sample = queue.pop()
        losses.append(model(sample).square().sum())
    loss = torch.stack(losses).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
