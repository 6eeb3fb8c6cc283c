# turns: 3
# graphs: 1
# names: params[0] params[1] x y
# updates: params[0] params[1]
# by hand: params[0] params[1]
import torch

torch.manual_seed(0)


def step(params, grads, lr):
    return [(p - lr * g).detach().requires_grad_() for p, g in zip(params, grads)]


def predict(params, x):
    return x @ params[0] + params[1]


x, y = torch.randn(4, 2), torch.randn(4)
params = [torch.zeros(2, requires_grad=True), torch.zeros(1, requires_grad=True)]
for epoch in range(3):
    loss = (predict(params, x) - y).pow(2).mean()
    grads = torch.autograd.grad(loss, params)
    params = step(params, grads, 0.1)
