import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 1)
    def forward(self, x):
        return self.fc(x).relu()

program = torch.export.export(Net(), (torch.ones(3, 2),))
print(program.module()(torch.ones(3, 2)))
