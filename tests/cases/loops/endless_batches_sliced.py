# turns: 4
# graphs: 1
# names: w
# updates: w
import itertools

import torch


def batches():
    for k in itertools.count():
        yield torch.tensor([1.0, k / 4]), torch.tensor(k / 2)


w = torch.zeros(2, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1, nesterov=True, momentum=0.9)
for step, (x, y) in enumerate(itertools.islice(batches(), 4)):
    loss = (w @ x - y - 1).square()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item())
