import torch

# a sequence of three numbers
x1 = torch.tensor(1.0)
x2 = torch.tensor(2.0)
x3 = torch.tensor(3.0)

u = torch.tensor(1.0, requires_grad=True)
w = torch.tensor(2.0, requires_grad=True)

# the same u and w at every step
h1 = u * x1
h2 = u * x2 + w * h1
h3 = u * x3 + w * h2

loss = (h3 - 10) ** 2
loss.backward()

print('last state:', h3.item())
print('grad w.r.t. u:', u.grad.item())
print('grad w.r.t. w:', w.grad.item())
