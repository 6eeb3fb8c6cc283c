import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)

# three plain layers
a1 = torch.sigmoid(a)
a2 = torch.sigmoid(a1)
a3 = torch.sigmoid(a2)

# three layers that add to what they get
b1 = b + torch.sigmoid(b)
b2 = b1 + torch.sigmoid(b1)
b3 = b2 + torch.sigmoid(b2)

loss = a3 + b3
loss.backward()

print(f'plain:    {a.grad.item():.4f}')
print(f'residual: {b.grad.item():.4f}')
