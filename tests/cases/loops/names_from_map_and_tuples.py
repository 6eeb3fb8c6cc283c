# turns: 2
# graphs: 1
# names: x_train y_train scale shift
# updates: scale shift
import torch

x_train, y_train = map(torch.tensor, ([1.0, 2.0, 3.0], [2.0, 4.0, 6.5]))
(scale, shift), lr = (torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)), 0.02


def predict(inputs, s, o):
    return inputs * s + o


for _ in range(2):
    loss = ((predict(x_train, scale, shift) - y_train) ** 2).sum()
    loss.backward()
    for p in (scale, shift):
        p.data -= lr * p.grad
        p.grad = None
