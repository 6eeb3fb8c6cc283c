import torch
from torch import nn
from torch.fx import symbolic_trace

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)
    def forward(self, x):
        return torch.relu(self.fc(x) + x)

net = Net()
traced = symbolic_trace(net)
print(traced.code)
x = torch.ones(1, 2)
loss = traced(x).sum()
loss.backward()
print(net.fc.weight.grad)
