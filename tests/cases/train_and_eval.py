import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Conv1d(1, 2, 3), nn.BatchNorm1d(2), nn.ReLU(), nn.Dropout(0.4), nn.Flatten(), nn.Linear(8, 1))
x = torch.randn(4, 1, 6)
model.train()
loss = model(x).mean()
loss.backward()
model.eval()
with torch.no_grad():
    print(model(x).squeeze(), model[1].running_mean, model[1].num_batches_tracked)
