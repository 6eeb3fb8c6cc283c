import torch

w = torch.tensor(2.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.05)
for step in range(3):
    loss = torch.zeros(())
    for x in (1.0, 2.0):
        (g,) = torch.autograd.grad((w * x - 1) ** 2, w)
        fast = w - 0.1 * g
        loss = loss + (fast * x - 1) ** 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
