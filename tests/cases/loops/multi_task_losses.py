# turns: 3
# graphs: 1
# names: shared.weight classify.weight regress.weight x label value
# updates: shared.weight classify.weight regress.weight
import torch
from torch import nn

torch.manual_seed(0)
shared, classify, regress = nn.Linear(2, 3), nn.Linear(3, 2), nn.Linear(3, 1)
parameters = [p for m in (shared, classify, regress) for p in m.parameters()]
optimizer = torch.optim.Adam(parameters, lr=0.02)
x, label, value = torch.randn(3, 2), torch.tensor([0, 1, 1]), torch.randn(3, 1)
for step in range(3):
    h = torch.relu(shared(x))
    losses = {
        "class": nn.functional.cross_entropy(classify(h), label),
        "value": nn.functional.mse_loss(regress(h), value),
    }
    total = sum(losses.values())
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    print({name: round(loss.item(), 3) for name, loss in losses.items()})
