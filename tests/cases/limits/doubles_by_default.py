# cut: steps
# turns: 160
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(8)
model = nn.Sequential(nn.Linear(2, 4), nn.Softplus(), nn.Linear(4, 1))
optimizer = torch.optim.NAdam(model.parameters(), lr=0.01)
points = torch.rand(16, 2)
for turn in range(160):
    loss = (model(points)[:, 0] - points.prod(dim=1)).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
