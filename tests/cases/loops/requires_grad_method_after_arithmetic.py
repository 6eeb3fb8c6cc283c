# turns: 3
# graphs: 1
# names: weights bias x_train y_train
# updates: weights bias
# edges: matmul 2
import math

import torch

torch.manual_seed(0)
x_train, y_train = torch.rand(5, 4), torch.tensor([0, 2, 1, 1, 0])
weights = torch.randn(4, 3) / math.sqrt(4)
weights.requires_grad_()
bias = torch.zeros(3, requires_grad=True)


def log_softmax(x):
    return x - x.exp().sum(-1).log().unsqueeze(-1)


def model(xb):
    return log_softmax(xb @ weights + bias)


def nll(input, target):
    return -input[range(target.shape[0]), target].mean()


for epoch in range(3):
    pred = model(x_train)
    loss = nll(pred, y_train)
    loss.backward()
    with torch.no_grad():
        weights -= weights.grad * 0.5
        bias -= bias.grad * 0.5
        weights.grad.zero_()
        bias.grad.zero_()
