# turns: 4
# graphs: 1 or 2
# names: model.weight model.bias X y
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
X, y = torch.randn(4, 2), torch.randn(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loss = nn.functional.mse_loss(model(X), y)
loss.backward()
print(model.weight.grad)
for epoch in range(3):
    loss = nn.functional.mse_loss(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
