# turns: 3
# graphs: 1
# names: w x
# updates: w
import contextlib

import torch


@contextlib.contextmanager
def step_of(optimizer):
    optimizer.zero_grad()
    yield
    optimizer.step()


x = torch.tensor([1.0, -2.0])
w = torch.tensor([0.3, 0.6], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for _ in range(3):
    with step_of(optimizer), torch.enable_grad():
        loss = (w * x).sigmoid().sum()
        loss.backward()
