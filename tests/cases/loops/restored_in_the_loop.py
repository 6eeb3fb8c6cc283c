# turns: 3
# graphs: 1
# names: model.weight model.bias x
# updates: model.weight
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
x = torch.tensor([[1.0], [3.0]])
start = {name: value.clone() for name, value in model.state_dict().items()}
for trial in range(3):
    loss = (model(x) - 2).square().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if trial == 1:
        model.load_state_dict(start)
