# turns: 10
# graphs: 1
# names: x
# updates: x
import torch

x = torch.tensor(4.0, requires_grad=True)
optimizer = torch.optim.SGD([x], lr=0.2)
loss = torch.tensor(float("inf"))
steps = 0
while loss.item() > 1e-3:
    optimizer.zero_grad()
    loss = (x - 1) ** 2
    loss.backward()
    optimizer.step()
    steps += 1
print(steps, x.item())
