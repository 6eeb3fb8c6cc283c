# turns: 4
# graphs: 1
# names: model.0.weight model.0.bias x y
# updates: model.0.weight
# evaluations: 2
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.5), nn.Linear(3, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.tensor([0, 1, 1, 0])
x_test, y_test = torch.randn(3, 2), torch.tensor([0, 1, 0])
for step in range(4):
    model.train()
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 2 == 1:
        model.eval()
        with torch.inference_mode():
            correct = (model(x_test).argmax(1) == y_test).sum().item()
        print(step, correct, "of", len(y_test))
