import torch


def step(w, x):
    prediction = w * x
    loss = (prediction - 1) ** 2
    loss.backward()
    return loss


w = torch.tensor(3.0, requires_grad=True)
for x in (1.0, 2.0):
    loss = step(w, x)
print(loss.item(), w.grad)
