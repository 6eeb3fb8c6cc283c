# cut: steps
# turns: 160
import torch
from torch import nn

torch.manual_seed(7)
model = nn.Sequential(nn.Linear(1, 6), nn.Tanh(), nn.Linear(6, 6), nn.Tanh(), nn.Linear(6, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
t = torch.linspace(-1, 1, 12)[:, None]
for epoch in range(160):
    loss = nn.functional.smooth_l1_loss(model(t), t.sin())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
