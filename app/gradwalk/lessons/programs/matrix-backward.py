import torch

# two samples (rows) of three numbers, and a layer with two outputs
x = torch.tensor([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]], requires_grad=True)
w = torch.tensor([[1.0, 0.0], [2.0, 1.0], [0.0, -1.0]], requires_grad=True)

out = x @ w

# each output counts with a number of its own
factors = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
loss = (factors * out).sum()

loss.backward()

print('x.grad:', x.grad.tolist())
print('w.grad:', w.grad.tolist())
