# turns: 3
# graphs: 1
# names: model.hidden.weight model.hidden.bias model.out.weight model.out.bias X y
# updates: model.hidden.weight model.out.bias
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(2, 3)
        self.out = nn.Linear(3, 1)

    def forward(self, x):
        return self.out(torch.tanh(self.hidden(x)))


torch.manual_seed(0)
device = "cuda" if torch.cuda.is_available() else "cpu"
model = MLP().to(device)
print(model)
X, y = torch.randn(4, 2).to(device), torch.randn(4, 1).to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(3):
    loss = nn.MSELoss()(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
