import torch

w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for step in range(3):
    (1 * w).backward()
    (2 * w).backward()
    optimizer.step()
