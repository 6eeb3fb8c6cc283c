# turns: 2
# graphs: 1
# names: layers['first'].weight layers['second'].weight x
# updates: layers['first'].weight layers['second'].weight
import torch


class Dense:
    def __init__(self, n_in, n_out):
        self.weight = torch.ones(n_in, n_out) / n_in
        self.weight.requires_grad = True

    def __call__(self, x):
        return torch.tanh(x @ self.weight)


layers = {"first": Dense(3, 2), "second": Dense(2, 1)}
x = torch.tensor([[0.1, 0.2, 0.3], [1.0, -1.0, 0.5]])
for step in range(2):
    loss = layers["second"](layers["first"](x)).sum()
    loss.backward()
    for layer in layers.values():
        with torch.no_grad():
            layer.weight -= 0.1 * layer.weight.grad
        layer.weight.grad = None
