# turns: 3
# graphs: 1
# names: x target
# updates: x
import torch

target = torch.tensor([1.0, 2.0])
x = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([x], lr=0.2)
history = []


def closure():
    optimizer.zero_grad()
    loss = (x - target).pow(2).sum()
    loss.backward()
    history.append(loss.item())
    return loss


for _ in range(3):
    optimizer.step(closure)
print(history)
