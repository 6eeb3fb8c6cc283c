# turns: 4
# graphs: 1
# names: w x y
# updates: w
import torch

x, y = torch.tensor([1.0, 2.0, -1.0]), torch.tensor([0.5, 1.5, -1.0])
w = torch.tensor([0.0, 0.0], requires_grad=True)
velocity = torch.zeros_like(w)
for t in range(4):
    loss = (w[0] * x + w[1] - y).square().mean()
    loss.backward()
    with torch.no_grad():
        velocity = 0.9 * velocity + w.grad
        w -= 0.1 * velocity
        w.grad.zero_()
    print(t, loss.item())
