# turns: 3
# graphs: 1
# names: X_data T_data a b
# updates: a b
import torch


def forward(x):
    return a * x + b


def criterion(prediction, t):
    return (prediction - t).abs().mean()


X_data, T_data = torch.linspace(0, 1, 4), torch.linspace(1, 3, 4)
a = torch.tensor(0.5, requires_grad=True)
b = torch.tensor(0.1, requires_grad=True)
for epoch in range(3):
    loss = criterion(forward(X_data), T_data)
    loss.backward()
    with torch.no_grad():
        for p in (a, b):
            p -= 0.1 * p.grad
            p.grad.zero_()
