# turns: 2
# graphs: 1
# passes: 3
# names: w
# updates: w
import torch

w = torch.tensor([0.5, -0.5], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
tasks = [torch.tensor([1.0, 2.0]), torch.tensor([-1.0, 0.5])]
for step in range(2):
    losses = []
    for task in tasks:
        support = (w - task).square().sum()
        (g,) = torch.autograd.grad(support, w)
        adapted = w - 0.2 * g
        losses.append((adapted - task).pow(2).sum())
    optimizer.zero_grad()
    meta_loss = torch.stack(losses).mean()
    meta_loss.backward()
    optimizer.step()
