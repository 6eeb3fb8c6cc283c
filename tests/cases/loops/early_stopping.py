# turns: 5
# graphs: 1
# names: model.weight model.bias X_train y_train
# evaluations: 5
import torch
from torch import nn

torch.manual_seed(3)
X_train, y_train = torch.randn(6, 2), torch.randn(6, 1)
X_valid, y_valid = torch.randn(3, 2), torch.randn(3, 1)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
best, patience, waited = float("inf"), 2, 0
for epoch in range(20):
    model.train()
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X_train), y_train)
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        valid = nn.functional.mse_loss(model(X_valid), y_valid).item()
    if valid < best:
        best, waited = valid, 0
    else:
        waited += 1
        if waited == patience:
            print("stopped after", epoch + 1)
            break
