# turns: 6
# graphs: 1
# names: model.weight model.bias
# updates: model.weight model.bias
# evaluations: 3
# loops: fold=3 epoch=2
import torch
from torch import nn

torch.manual_seed(0)
X, Y = torch.randn(6, 2), torch.randn(6, 1)
scores = []
for fold in range(3):
    held = torch.arange(6) % 3 == fold
    X_train, Y_train, X_test, Y_test = X[~held], Y[~held], X[held], Y[held]
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(2):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X_train), Y_train)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        scores.append(nn.functional.mse_loss(model(X_test), Y_test).item())
print(scores)
