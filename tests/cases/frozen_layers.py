import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
for parameter in model[0].parameters():
    parameter.requires_grad = False
model[2].bias.requires_grad_(False)
optimizer = torch.optim.SGD((p for p in model.parameters() if p.requires_grad), lr=0.1)
for _ in range(2):
    optimizer.zero_grad()
    loss = model(torch.randn(3, 2)).square().sum()
    loss.backward()
    optimizer.step()
print(model[0].weight.grad, model[2].weight.grad)
