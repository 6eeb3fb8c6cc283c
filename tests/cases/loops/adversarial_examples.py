# turns: 3
# graphs: 1
# passes: 2
# names: model.weight model.bias y
# updates: model.weight model.bias
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.tensor([0, 1, 1, 0])
epsilon = 0.1
for step in range(3):
    data = x.clone().requires_grad_(True)
    F.cross_entropy(model(data), y).backward()
    perturbed = (data + epsilon * data.grad.sign()).detach()
    optimizer.zero_grad()
    loss = F.cross_entropy(model(perturbed), y)
    loss.backward()
    optimizer.step()
