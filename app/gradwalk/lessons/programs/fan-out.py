import torch

x = torch.tensor(3.0, requires_grad=True)

# x goes two ways
left = 2 * x
right = x + 4

# and the ways meet again
loss = left * right

loss.backward()

print('loss:', loss.item())
print('grad w.r.t. x:', x.grad.item())
