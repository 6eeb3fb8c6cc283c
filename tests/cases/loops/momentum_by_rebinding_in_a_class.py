# turns: 3
# graphs: 1
# names: model.w x y
# updates: model.w
# by hand: model.w
import torch

torch.manual_seed(0)


class Regression:
    def __init__(self):
        self.w = torch.zeros(2, requires_grad=True)
        self.v = torch.zeros(2)

    def fit(self, x, y, steps):
        for _ in range(steps):
            loss = (x @ self.w - y).pow(2).mean()
            loss.backward()
            self.v = 0.9 * self.v + self.w.grad
            self.w = (self.w - 0.1 * self.v).detach().clamp(-1, 1).requires_grad_(True)


x, y = torch.randn(4, 2), torch.randn(4)
model = Regression()
model.fit(x, y, 3)
