import torch

w = torch.tensor(0.5, requires_grad=True)
v = torch.tensor(1.5, requires_grad=True)
square = w * w
triple = w * 3
joined = torch.stack([square, triple])
loss = (joined * v).sum()
loss.backward()
print(w.grad)
