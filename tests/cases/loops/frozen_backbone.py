# turns: 3
# graphs: 1
# names: model.features.weight model.features.bias model.fc.weight model.fc.bias x y
# updates: model.fc.weight model.fc.bias
import torch
from torch import nn


class Pretrained(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Linear(3, 4)
        self.fc = nn.Linear(4, 10)

    def forward(self, x):
        return self.fc(torch.relu(self.features(x)))


torch.manual_seed(0)
model = Pretrained()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(model.fc.in_features, 2)
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1, momentum=0.9)
x, y = torch.randn(4, 3), torch.tensor([1, 0, 0, 1])
for epoch in range(3):
    loss = nn.functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print([name for name, p in model.named_parameters() if p.requires_grad])
