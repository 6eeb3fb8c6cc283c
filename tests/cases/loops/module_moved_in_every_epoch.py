# turns: 3
# graphs: 1
# names: model.fc.weight model.fc.bias inputs targets
# updates: model.fc.weight model.fc.bias
# edges: linear 3
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 1)

    def forward(self, x):
        return self.fc(x)


torch.manual_seed(0)
device = torch.device("cpu")
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
inputs, targets = torch.randn(4, 2), torch.randn(4, 1)
for epoch in range(3):
    model.to(device)
    loss = nn.functional.mse_loss(model(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
