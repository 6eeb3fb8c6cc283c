# turns: 3
# graphs: 1
# names: w x
# updates: w
import torch

x = torch.tensor([1.0, 2.0])
w = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)


def step(number):
    loss = (w * x - number).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


print([step(1.0) for _ in range(3)])
