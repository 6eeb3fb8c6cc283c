# turns: 2
# graphs: 1
# names: model.0.weight model.0.bias model.2.weight model.2.bias
# updates: model.0.weight model.2.weight
# leaf: model.0.weight [0.5, 0.5]
# leaf: model.0.bias [0.0]
import torch
from torch import nn


def init_weights(m):
    if isinstance(m, nn.Linear):
        print(m.weight.shape, round(m.weight.abs().max().item(), 3))
        m.weight.data.fill_(0.5)
        m.bias.data.zero_()


torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid(), nn.Linear(1, 1))
model.apply(init_weights)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(2):
    loss = model(torch.ones(3, 2)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
