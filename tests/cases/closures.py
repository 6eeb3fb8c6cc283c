import torch

scale = torch.tensor(2.0, requires_grad=True)


def make(power):
    shift = torch.tensor(0.5, requires_grad=True)

    def f(x):
        return scale * (x - shift) ** power

    return f, shift


square, shift = make(2)
compose = lambda f, x: f(f(x))
y = compose(square, torch.tensor(1.5))
y.backward()
print(y.item(), scale.grad, shift.grad)
