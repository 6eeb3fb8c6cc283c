import torch
from torch import nn


class Polynomial(nn.Module):
    def __init__(self):
        super().__init__()
        self.coefficients = nn.ParameterList([nn.Parameter(torch.tensor(float(i))) for i in range(3)])
        self.extra = nn.ParameterDict({"shift": nn.Parameter(torch.tensor(0.5))})

    def forward(self, x):
        x = x - self.extra["shift"]
        return sum(c * x**i for i, c in enumerate(self.coefficients))


model = Polynomial()
y = model(torch.tensor([1.0, 2.0]))
y.sum().backward()
print([p.grad.item() for p in model.parameters()])
