# turns: 4
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight
# loops: epoch=2 batch=2
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class CurveDataset(Dataset):
    def __init__(self, n):
        self.x = torch.linspace(-1, 1, n).unsqueeze(1)
        self.y = self.x**2

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return self.x[index], self.y[index]


torch.manual_seed(0)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
train_loader = DataLoader(dataset=CurveDataset(4), batch_size=2, shuffle=False)
for epoch in range(2):
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
