# turns: 3
# graphs: 1
# names: model.weight model.bias x
# updates: model.weight model.bias
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
shadow = {name: p.detach().clone() for name, p in model.named_parameters()}
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
x = torch.randn(5, 2)
for step in range(3):
    loss = (model(x) - 1).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for name, p in model.named_parameters():
            shadow[name].mul_(0.9).add_(p, alpha=0.1)
print(shadow["bias"])
