# turns: 6
# graphs: 2
# names: target
# leaf: first [1.0]
import torch


def fit(v, steps):
    for _ in range(steps):
        loss = (v - target) ** 2
        loss.backward()
        with torch.no_grad():
            v -= 0.25 * v.grad
        v.grad = None


target = torch.tensor([3.0])
first = torch.tensor([1.0], requires_grad=True)
second = torch.tensor([9.0], requires_grad=True)
fit(first, 3)
fit(second, 3)
print(first, second)
