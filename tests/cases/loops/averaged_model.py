# turns: 2
# graphs: 1
# names: model.weight x
# updates: model.weight
# evaluations: 1
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

torch.manual_seed(0)
model = nn.Linear(2, 1)
averaged = AveragedModel(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
x = torch.randn(5, 2)
for step in range(2):
    loss = (model(x) - 1).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    averaged.update_parameters(model)
with torch.no_grad():
    print(averaged(x).shape)
