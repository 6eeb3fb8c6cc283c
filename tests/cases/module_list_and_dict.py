import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(3, 3) for _ in range(3))
        self.heads = nn.ModuleDict({"mean": nn.Linear(3, 1), "scale": nn.Linear(3, 1)})

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x)) + x
        return {name: head(x) for name, head in self.heads.items()}


torch.manual_seed(0)
net = Net()
out = net(torch.randn(2, 3))
loss = (out["mean"] * out["scale"].exp()).sum()
loss.backward()
print(net.heads["mean"].weight.grad)
