# turns: 3
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight model.bias
# evaluations: 1
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
x, y = torch.randn(6, 2), torch.randn(6, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
visited = []
for step in range(3):
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    visited.append(nn.utils.parameters_to_vector(model.parameters()).detach().clone())
nn.utils.vector_to_parameters(torch.stack(visited).mean(dim=0), model.parameters())
with torch.no_grad():
    print(nn.functional.mse_loss(model(x), y).item())
