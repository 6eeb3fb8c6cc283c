# turns: 3
# graphs: 1
# names: model.weight model.bias xb yb
import torch
from torch import nn


class Recorder:
    def __init__(self):
        self.losses = []

    def before_epoch(self, epoch):
        self.epoch = epoch

    def after_batch(self, loss):
        self.losses.append(loss.item())


class Learner:
    def __init__(self, model, callbacks):
        self.model, self.callbacks = model, callbacks
        self.opt = torch.optim.SGD(model.parameters(), lr=0.2)

    def run(self, name, *args):
        for callback in self.callbacks:
            if hasattr(callback, name):
                getattr(callback, name)(*args)

    def fit(self, epochs):
        for epoch in range(epochs):
            self.run("before_epoch", epoch)
            loss = nn.functional.mse_loss(self.model(xb), yb)
            loss.backward()
            self.opt.step()
            self.opt.zero_grad()
            self.run("after_batch", loss)


torch.manual_seed(0)
xb, yb = torch.randn(4, 2), torch.randn(4, 1)
model = nn.Linear(2, 1)
Learner(model, [Recorder()]).fit(3)
