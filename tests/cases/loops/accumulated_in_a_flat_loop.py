# turns: 4
# graphs: 1
# names: model.weight model.bias x y
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
batches = [(torch.randn(2, 2), torch.randn(2, 1)) for _ in range(4)]
accumulation_steps = 2
for i, (x, y) in enumerate(batches):
    loss = nn.functional.mse_loss(model(x), y) / accumulation_steps
    loss.backward()
    if (i + 1) % accumulation_steps == 0:
        optimizer.step()
        optimizer.zero_grad()
