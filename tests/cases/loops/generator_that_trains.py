# turns: 3
# graphs: 1
# names: w x
# updates: w
import torch


def training(w, steps):
    optimizer = torch.optim.SGD([w], lr=0.1)
    for step in range(steps):
        loss = (w * x - 1).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield step, loss.item()


x = torch.tensor([1.0, 2.0])
w = torch.tensor(0.2, requires_grad=True)
for step, loss in training(w, 3):
    print(step, loss)
