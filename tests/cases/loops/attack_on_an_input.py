# turns: 3
# graphs: 1
# names: delta x label model.weight model.bias
# updates: delta
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 2)
x, label = torch.randn(1, 3), torch.tensor([0])
delta = torch.zeros_like(x, requires_grad=True)
for t in range(3):
    loss = nn.functional.cross_entropy(model(x + delta), label)
    loss.backward()
    delta.data = (delta + 0.05 * delta.grad.detach().sign()).clamp(-0.1, 0.1)
    delta.grad.zero_()
print(delta.detach())
