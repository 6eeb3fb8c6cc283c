# turns: 6
# graphs: 1
# names: model.0.weight model.0.bias model.2.weight model.2.bias features labels
# updates: model.0.weight model.2.bias
# loops: epoch=2 batch=3
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
dataset = TensorDataset(torch.randn(6, 3), torch.randint(0, 2, (6,)))
loader = DataLoader(dataset, batch_size=2, shuffle=True)
model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(2):
    for features, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(features), labels)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
