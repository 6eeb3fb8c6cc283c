# turns: 2
# graphs: 1
# names: model.layers[0].w model.layers[0].b model.layers[1].w model.layers[1].b inputs
# updates: model.layers[0].w model.layers[1].b
import torch


class Layer:
    def __init__(self, n_in, n_out):
        self.w = torch.full((n_in, n_out), 0.3, requires_grad=True)
        self.b = torch.zeros(n_out, requires_grad=True)


class Model:
    def __init__(self, sizes):
        self.layers = [Layer(a, b) for a, b in zip(sizes, sizes[1:])]

    def parameters(self):
        return [p for layer in self.layers for p in (layer.w, layer.b)]

    def __call__(self, x):
        for layer in self.layers:
            x = torch.sigmoid(x @ layer.w + layer.b)
        return x


model = Model([2, 2, 1])
inputs = torch.tensor([[0.0, 1.0], [1.0, 1.0]])
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
for _ in range(2):
    optimizer.zero_grad()
    loss = (model(inputs) - 1).square().mean()
    loss.backward()
    optimizer.step()
