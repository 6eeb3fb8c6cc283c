# turns: 2
# graphs: 1
# names: model.weight model.bias x
# updates: model.weight
# leaf: model.weight [0.5, 2.0]
# leaf: model.bias [-1.0]
# edges: linear 3
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
for name, parameter in model.named_parameters():
    print(name, tuple(parameter.shape), parameter.std(unbiased=False).item() >= 0)
model.load_state_dict({"weight": torch.tensor([[0.5, 2.0]]), "bias": torch.tensor([-1.0])})
x = torch.tensor([[1.0, 1.0], [2.0, 0.0]])
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(2):
    optimizer.zero_grad()
    loss = model(x).square().sum()
    loss.backward()
    optimizer.step()
