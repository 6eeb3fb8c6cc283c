import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
X, Y = torch.randn(6, 3), torch.randn(6, 1)
for epoch in range(2):
    optimizer.zero_grad()
    for x, y in zip(X.split(2), Y.split(2)):
        loss = nn.functional.mse_loss(model(x), y) / 3
        loss.backward()
    optimizer.step()
    print(model.weight.grad)
