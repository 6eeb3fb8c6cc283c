import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(10, 5)
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(5, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        hidden = self.relu(self.fc1(x))
        return self.sigmoid(self.fc2(hidden))


# 1. initialise
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x = torch.randn(4, 10)
y = torch.tensor([[1.0], [0.0], [1.0], [0.0]])

# 2. forward
prediction = net(x)

# 3. loss
loss = nn.BCELoss()(prediction, y)

# 4. backward
optimizer.zero_grad()
loss.backward()

# 5. update
optimizer.step()

print(f'loss {loss.item():.4f}')
for name, parameter in net.named_parameters():
    print(f'{name:10} shape {tuple(parameter.shape)!s:8} gradient norm {parameter.grad.norm():.4f}')
