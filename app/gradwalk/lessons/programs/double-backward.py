import torch

x = torch.tensor(1.0, requires_grad=True)
y = x**3

# the slope of y, as a tensor that remembers how it was computed
(slope,) = torch.autograd.grad(y, x, create_graph=True)

# the slope should be 1
loss = (slope - 1) ** 2
loss.backward()

print('slope:', slope.item())
print('grad w.r.t. x:', x.grad.item())
