# turns: 3
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight model.bias
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
batches = [(torch.randn(4, 2), torch.randint(0, 3, (4,))) for _ in range(3)]
correct, seen = 0, 0
for x, y in batches:
    outputs = model(x)
    loss = nn.functional.cross_entropy(outputs, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    _, predicted = torch.max(outputs.data, 1)
    seen += y.size(0)
    correct += (predicted == y).sum().item()
print(f"{correct} of {seen}")
