# turns: 3
# graphs: 1
# names: params t_u t_c
# updates: params
import torch


def model(t_u, w, b):
    return w * t_u + b


def loss_fn(t_p, t_c):
    return ((t_p - t_c) ** 2).mean()


def training_loop(n_epochs, learning_rate, params, t_u, t_c):
    for epoch in range(1, n_epochs + 1):
        if params.grad is not None:
            params.grad.zero_()
        t_p = model(t_u, *params)
        loss = loss_fn(t_p, t_c)
        loss.backward()
        with torch.no_grad():
            params -= learning_rate * params.grad
        print("Epoch %d, Loss %f" % (epoch, loss.item()))
    return params


t_c = torch.tensor([0.5, 14.0, 15.0, 28.0])
t_u = torch.tensor([3.57, 5.59, 5.82, 8.19])
params = training_loop(3, 1e-2, torch.tensor([1.0, 0.0], requires_grad=True), t_u, t_c)
print(params)
