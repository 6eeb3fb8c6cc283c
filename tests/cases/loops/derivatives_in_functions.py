# turns: 4
# graphs: 1
# passes: 0
# names: params t_un t_c
# updates: params
# by hand: params
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def grad_fn(t_u, t_c, t_p):
    dloss = 2 * (t_p - t_c) / t_p.size(0)
    return torch.stack([(dloss * t_u).sum(), dloss.sum()])


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        w, b = params
        t_p = model(t_u, w, b)
        loss = loss_fn(t_p, t_c)
        grad = grad_fn(t_u, t_c, t_p)
        params = params - learning_rate * grad
        print(f"Epoch {epoch}, Loss {float(loss):f}")
    return params


t_c = torch.tensor([0.5, 14.0, 15.0, 28.0])
t_u = torch.tensor([35.7, 55.9, 58.2, 81.9])
t_un = 0.1 * t_u
training_loop(4, 1e-2, torch.tensor([1.0, 0.0]), t_un, t_c)
