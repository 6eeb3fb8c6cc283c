# turns: 4
# graphs: 1 or 2
# names: x y
# evaluations: 1 or 2
import torch
from torch import nn

torch.manual_seed(0)
models = [nn.Linear(2, 1) for _ in range(2)]
x, y = torch.randn(4, 2), torch.randn(4, 1)
for model in models:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(2):
        loss = nn.functional.mse_loss(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    print(torch.stack([m(x) for m in models]).mean(0).shape)
