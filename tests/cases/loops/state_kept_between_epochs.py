# turns: 4
# graphs: 1
# names: model.0.weight model.1.weight model.3.bias
# updates: model.0.weight model.1.weight model.3.bias
# loops: epoch=2 batch=2
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for batch in range(2):
        loss = model(torch.randn(4, 2)).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
