# turns: 4
# graphs: 1 or 2
# names: model.weight model.bias xb yb
# loops: epoch=2 batch=2
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
train_ds = TensorDataset(torch.randn(5, 2), torch.tensor([0, 1, 1, 0, 1]))
train_dl = DataLoader(train_ds, batch_size=3)
model = nn.Linear(2, 2)
opt = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(2):
    for xb, yb in train_dl:
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()
