# turns: 3
# graphs: 1 or 2 or 3
# passes: 1 or 2 or 3 or 4
# names: w
# updates: w
import torch

w = torch.tensor([-0.5, 1.5], requires_grad=True)
optimizer = torch.optim.LBFGS([w], lr=0.5, max_iter=3)


def closure():
    optimizer.zero_grad()
    loss = (1 - w[0]) ** 2 + 2 * (w[1] - w[0] ** 2) ** 2
    loss.backward()
    return loss


for i in range(3):
    loss = optimizer.step(closure)
    print(i, loss.item())
