# turns: 4
# graphs: 2
# passes: 3 or 1
# names: model.weight model.bias
import torch
from torch import nn
torch.manual_seed(0)
model = nn.Linear(2, 1)
data = torch.randn(6, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    optimizer.zero_grad()
    total = 0
    for x in data.split(2):
        loss = model(x).square().mean()
        loss.backward()
        total += loss.item()
    optimizer.step()
    print(epoch, total)
optimizer.zero_grad()
for x in data.split(3):
    model(x).square().mean().backward()
optimizer.step()
