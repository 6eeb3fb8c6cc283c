# turns: 6
# graphs: 1
# names: model.weight model.bias x y
# updates: model.weight model.bias
# loops: epoch=3 batch=2
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(torch.randn(4, 2), torch.randn(4, 1)), batch_size=2)


def fit(model, loader, epochs):
    epoch = 0
    while epoch < epochs:
        for x, y in loader:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
        epoch += 1


fit(model, loader, 3)
