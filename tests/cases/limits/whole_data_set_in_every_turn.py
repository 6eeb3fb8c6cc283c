# cut: no
# turns: 10
import torch
from torch import nn

torch.manual_seed(12)
table, prices = torch.rand(3000, 30), torch.rand(3000, 1)
model = nn.Sequential(nn.Linear(30, 40), nn.ReLU(), nn.Linear(40, 1))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(10):
    loss = nn.functional.mse_loss(model(table), prices)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
