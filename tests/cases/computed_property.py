import torch
from torch import nn


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.log_scale = nn.Parameter(torch.zeros(()))

    @property
    def factor(self):
        return self.scale * self.log_scale.exp()

    def forward(self, x):
        return x * self.factor


model = nn.Sequential(Scaled(), Scaled())
y = model(torch.tensor([1.0, 2.0]))
y.prod().backward()
print([p.grad.item() for p in model.parameters()])
