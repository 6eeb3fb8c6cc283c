# turns: 3
# graphs: 1
# names: model.0.weight model.0.bias xx y
# updates: model.0.weight model.0.bias
import math

import torch

torch.manual_seed(0)
x = torch.linspace(-math.pi, math.pi, 6)
y = torch.sin(x)
p = torch.tensor([1, 2, 3])
xx = x.unsqueeze(-1).pow(p)
model = torch.nn.Sequential(torch.nn.Linear(3, 1), torch.nn.Flatten(0, 1))
loss_fn = torch.nn.MSELoss(reduction="sum")
learning_rate = 1e-5
for t in range(3):
    y_pred = model(xx)
    loss = loss_fn(y_pred, y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():
            param -= learning_rate * param.grad
