# turns: 3
# graphs: 1
# names: model.0.weight model.0.bias model.1.weight model.1.bias x y
# updates: model.0.weight model.1.bias
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1)).float().cpu().to(torch.float32)
x, y = torch.ones(3, 2), torch.zeros(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
