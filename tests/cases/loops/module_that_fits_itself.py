# turns: 3
# graphs: 1
# names: regression.linear.weight regression.linear.bias X y
import torch
from torch import nn


class Regression(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.linear = nn.Linear(features, 1)

    def forward(self, x):
        return self.linear(x).squeeze(-1)

    def fit(self, inputs, targets, epochs=3, lr=0.1):
        optimizer = torch.optim.SGD(self.parameters(), lr=lr)
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = (self(inputs) - targets).pow(2).mean()
            loss.backward()
            optimizer.step()
        return self


torch.manual_seed(0)
X, y = torch.randn(4, 2), torch.randn(4)
regression = Regression(2)
regression.fit(X, y)
