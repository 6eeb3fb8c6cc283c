# turns: 6
# graphs: 1
# names: w b labels
# updates: w b
# loops: epoch=2 batch=3
import random

import torch


def synthetic_data(w, b, num_examples):
    X = torch.normal(0, 1, (num_examples, len(w)))
    y = torch.matmul(X, w) + b
    return X, y.reshape((-1, 1))


def data_iter(batch_size, features, labels):
    indices = list(range(len(features)))
    random.shuffle(indices)
    for i in range(0, len(features), batch_size):
        batch_indices = torch.tensor(indices[i : i + batch_size])
        yield features[batch_indices], labels[batch_indices]


def linreg(X, w, b):
    return torch.matmul(X, w) + b


def sgd(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            param.grad.zero_()


features, labels = synthetic_data(torch.tensor([2, -3.4]), 4.2, 6)
w = torch.normal(0, 0.01, size=(2, 1), requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(2):
    for X, y in data_iter(2, features, labels):
        loss = (linreg(X, w, b) - y) ** 2 / 2
        loss.sum().backward()
        sgd([w, b], 0.03, 2)
