# turns: 3
# graphs: 1 or 2 or 3
# names: w x
# updates: w
import torch


def step():
    loss = (w * x - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


x = torch.tensor([1.0, 2.0])
w = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
print(step())
print(step())
print(step())
