# turns: 4
# graphs: 1
# names: net.weight net.bias
# updates: net.weight
# evaluations: 2 or 4 or 8
# loops: epoch=2 batch=2
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def calc_loss_loader(loader, model):
    total = 0.0
    for input_batch, target_batch in loader:
        total += nn.functional.mse_loss(model(input_batch), target_batch).item()
    return total / len(loader)


def evaluate_model(model, train_loader, val_loader):
    model.eval()
    with torch.no_grad():
        train_loss = calc_loss_loader(train_loader, model)
        val_loss = calc_loss_loader(val_loader, model)
    model.train()
    return train_loss, val_loss


torch.manual_seed(0)
train_loader = DataLoader(TensorDataset(torch.randn(4, 2), torch.randn(4, 1)), batch_size=2)
val_loader = DataLoader(TensorDataset(torch.randn(4, 2), torch.randn(4, 1)), batch_size=2)
net = nn.Linear(2, 1)
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
for epoch in range(2):
    for input_batch, target_batch in train_loader:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(input_batch), target_batch)
        loss.backward()
        optimizer.step()
    print(evaluate_model(net, train_loader, val_loader))
