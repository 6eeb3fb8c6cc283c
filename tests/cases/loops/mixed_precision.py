# turns: 3
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight model.bias
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(3, 4), torch.randn(3, 2)
for step in range(3):
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        output = model(x)
    loss = nn.functional.mse_loss(output.float(), y)
    loss.backward()
    optimizer.step()
