# turns: 4
# graphs: 1
# names: system.net.weight system.net.bias
# updates: system.net.weight
# evaluations: 2
# loops: epoch=2 batch=2
import torch
from torch import nn


class System(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(2, 1)

    def training_step(self, batch):
        x, y = batch
        return nn.functional.mse_loss(self.net(x), y)

    def validation_step(self, batch):
        x, y = batch
        return nn.functional.l1_loss(self.net(x), y)


class Loop:
    def fit(self, system, batches, held_out):
        optimizer = torch.optim.SGD(system.parameters(), lr=0.1)
        for _ in range(2):
            for batch in batches:
                self.optimize(optimizer, system.training_step(batch))
            with torch.no_grad():
                print(system.validation_step(held_out).item())

    def optimize(self, optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


torch.manual_seed(0)
system = System()
data = [(torch.randn(2, 2), torch.randn(2, 1)) for _ in range(3)]
Loop().fit(system, data[:2], data[2])
