# turns: 3
# graphs: 1
# names: guess
# updates: guess
import torch


def newton_like(a, guess, tolerance):
    for i in range(100):
        error = (guess * guess - a) ** 2
        if error.item() < tolerance:
            return i
        error.backward()
        with torch.no_grad():
            guess -= 0.06 * guess.grad
        guess.grad = None
        if i == 2:
            return i
    raise RuntimeError("no root found")


guess = torch.tensor(1.0, requires_grad=True)
print(newton_like(2.0, guess, 1e-12), guess.item())
