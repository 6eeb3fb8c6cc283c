# turns: 4
# graphs: 1
# names: trainer.model.weight trainer.model.bias x y
# loops: epoch=2 batch=2
import torch
from torch import nn


class Trainer:
    def __init__(self, lr):
        self.model = nn.Linear(3, 1)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=lr)
        self.history = []

    def fit(self, batches, epochs):
        for epoch in range(epochs):
            for x, y in batches:
                self.history.append(self.training_step(x, y))

    def training_step(self, x, y):
        loss = nn.functional.mse_loss(self.model(x), y)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()


torch.manual_seed(0)
trainer = Trainer(0.1)
trainer.fit([(torch.randn(2, 3), torch.randn(2, 1)) for _ in range(2)], epochs=2)
print(trainer.history)
