# turns: 4
# graphs: 1
# names: x
# updates: x
import torch


def minimise(x, tolerance):
    while True:
        value = (x - 2).pow(2).sum()
        value.backward()
        if x.grad.norm() < tolerance:
            with torch.no_grad():
                x.sub_(0.5 * x.grad)
            return x
        with torch.no_grad():
            x.sub_(0.3 * x.grad)
        x.grad.zero_()


x = torch.tensor([5.0, 2.5], requires_grad=True)
print(minimise(x, 0.5).tolist())
