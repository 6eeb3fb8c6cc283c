# turns: 2
# graphs: 1
# names: w b xs
# updates: w b
import torch

xs = torch.tensor([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]])
ys = [1.0, 0.0, 2.0]
w = torch.tensor([0.1, 0.1], requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.05)
for epoch in range(2):
    losses = []
    for x, y in zip(xs, ys):
        losses.append((w @ x + b - y) ** 2)
    loss = sum(losses) / len(losses)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
