# turns: 4
# graphs: 1
# names: model.weight model.bias train_x train_y
# evaluations: 1
import torch
from torch import nn


def main():
    torch.manual_seed(0)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_x, train_y = torch.randn(4, 2).to(device), torch.tensor([0, 1, 0, 1]).to(device)
    model = nn.Linear(2, 2).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(4):
        loss = nn.functional.cross_entropy(model(train_x), train_y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        accuracy = (model(train_x).argmax(dim=1) == train_y).float().mean()
        print("accuracy", accuracy.item())


if __name__ == "__main__":
    main()
