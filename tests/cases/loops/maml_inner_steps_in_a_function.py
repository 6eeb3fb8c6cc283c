# turns: 1
# graphs: 1
# passes: 3
# names: theta x y
import torch


def adapt(parameters, steps):
    fast = parameters
    for _ in range(steps):
        loss = ((x * fast[0] + fast[1]) - y).pow(2).mean()
        gradient = torch.autograd.grad(loss, fast)[0]
        fast = fast - 0.1 * gradient
    return fast


x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 3.0, 5.0])
theta = torch.tensor([0.5, 0.5], requires_grad=True)
fast = adapt(theta, 2)
query = ((x * fast[0] + fast[1]) - y).pow(2).mean()
query.backward()
print(theta.grad)
