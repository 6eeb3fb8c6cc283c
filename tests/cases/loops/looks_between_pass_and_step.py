# turns: 3
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight model.bias
# edges: linear 3
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
print("parameters:", sum(p.numel() for p in model.parameters()))
for step in range(3):
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    print(model.weight[0].tolist(), (model.weight**2).sum().item(), model.weight.grad.norm().item())
    optimizer.step()
