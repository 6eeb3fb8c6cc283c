import torch
import torch.nn.functional as F

x = torch.tensor([1.1])
y = torch.tensor([1.0])

w = torch.tensor([2.2], requires_grad=True)
b = torch.tensor([0.0], requires_grad=True)

# forward
z = x * w + b
a = torch.sigmoid(z)
loss = F.binary_cross_entropy(a, y)

# backward
loss.backward()

print('grad w.r.t. w:', w.grad)
print('grad w.r.t. b:', b.grad)
