# turns: 3
# graphs: 1
# passes: 1
# names: x y
# updates: x y
import torch

x = torch.tensor(0.5, requires_grad=True)
y = torch.tensor(0.5, requires_grad=True)
for step in range(3):
    value = x * y + 0.1 * x**2 - 0.1 * y**2
    value.backward()
    with torch.no_grad():
        x -= 0.2 * x.grad
        y += 0.2 * y.grad
        x.grad, y.grad = None, None
    print(step, x.item(), y.item())
