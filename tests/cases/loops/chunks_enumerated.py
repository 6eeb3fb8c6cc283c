# turns: 6
# graphs: 1
# names: model.weight model.bias inputs targets
# updates: model.weight model.bias
# loops: epoch=2 batch=3
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
features, labels = torch.randn(6, 2), torch.randn(6, 1)
for epoch in range(2):
    for i, (inputs, targets) in enumerate(zip(torch.chunk(features, 3), torch.chunk(labels, 3))):
        optimizer.zero_grad()
        loss = (model(inputs) - targets).square().mean()
        loss.backward()
        optimizer.step()
