# turns: 3
# graphs: 1
# names: model.0.weight model.0.bias model.2.weight features y
# updates: model.0.weight model.2.weight
import torch
from torch import nn

torch.manual_seed(0)
raw = torch.rand(5, 3) * 10
mean, std = raw.mean(dim=0), raw.std(dim=0)
features = (raw - mean) / std
y = (raw.sum(dim=1, keepdim=True) > 15).float()
model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
print(model(features).shape, nn.functional.binary_cross_entropy_with_logits(model(features), y).item() > 0)
print("ones:", y.sum().item())
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for epoch in range(3):
    loss = nn.functional.binary_cross_entropy_with_logits(model(features), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
