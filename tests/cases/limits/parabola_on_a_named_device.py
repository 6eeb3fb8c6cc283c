# cut: steps
# turns: 160
import torch

torch.set_default_device("cpu")
grid = torch.linspace(0, 2, 40)
heights = 3 * grid**2 - grid
p, q, r = (torch.zeros((), requires_grad=True) for _ in range(3))
for turn in range(160):
    loss = (p * grid**2 + q * grid + r - heights).square().mean()
    loss.backward()
    with torch.no_grad():
        for number in (p, q, r):
            number -= 0.02 * number.grad
            number.grad = None
    print(loss.item())
