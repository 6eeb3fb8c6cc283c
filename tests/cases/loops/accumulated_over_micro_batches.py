# turns: 2
# graphs: 1
# passes: 3
# names: model.weight model.bias
# updates: model.weight model.bias
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 2)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.05)
grad_accum_steps = 3
for step in range(2):
    optimizer.zero_grad()
    loss_accum = 0.0
    for micro_step in range(grad_accum_steps):
        x, y = torch.randn(2, 2), torch.tensor([0, 1])
        loss = nn.functional.cross_entropy(model(x), y) / grad_accum_steps
        loss_accum += loss.detach()
        loss.backward()
    optimizer.step()
    print(f"step {step}, loss {loss_accum.item():.4f}")
