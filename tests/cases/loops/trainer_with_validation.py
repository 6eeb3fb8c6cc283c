# turns: 3
# graphs: 1
# names: model.weight model.bias
# evaluations: 3
import torch
from torch import nn


class Trainer:
    def __init__(self, model, optimizer):
        self.model, self.optimizer = model, optimizer

    def fit(self, train_data, val_data, max_epochs):
        for self.epoch in range(max_epochs):
            self.fit_epoch(*train_data)
            with torch.no_grad():
                print(self.epoch, self.loss(*val_data).item())

    def fit_epoch(self, X, y):
        loss = self.loss(X, y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def loss(self, X, y):
        return nn.functional.mse_loss(self.model(X), y)


torch.manual_seed(0)
model = nn.Linear(2, 1)
trainer = Trainer(model, torch.optim.SGD(model.parameters(), lr=0.1))
trainer.fit((torch.randn(4, 2), torch.randn(4, 1)), (torch.randn(3, 2), torch.randn(3, 1)), 3)
