import torch
from torch import nn

torch.manual_seed(0)
x = torch.arange(16.0).unsqueeze(1) * 10
y = 3 * x
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.0001)
for step in range(30):
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss)
