# turns: 4
# graphs: 1
# names: model.weight model.bias X y
# updates: model.weight model.bias
# evaluations: 2 or 4
# loops: t=2 batch=2
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def train(dataloader, model, loss_fn, optimizer):
    model.train()
    for batch, (X, y) in enumerate(dataloader):
        pred = model(X)
        loss = loss_fn(pred, y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def test(dataloader, model, loss_fn):
    model.eval()
    test_loss, correct = 0, 0
    with torch.no_grad():
        for X, y in dataloader:
            pred = model(X)
            test_loss += loss_fn(pred, y).item()
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()
    print(f"accuracy {correct / 4:.2f}, loss {test_loss / 2:.4f}")


torch.manual_seed(0)
train_dataloader = DataLoader(TensorDataset(torch.randn(4, 2), torch.tensor([0, 1, 0, 1])), batch_size=2)
test_dataloader = DataLoader(TensorDataset(torch.randn(4, 2), torch.tensor([1, 1, 0, 0])), batch_size=2)
model = nn.Linear(2, 2)
loss_fn, optimizer = nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=0.1)
for t in range(2):
    train(train_dataloader, model, loss_fn, optimizer)
    test(test_dataloader, model, loss_fn)
