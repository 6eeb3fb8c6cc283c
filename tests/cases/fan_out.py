import torch

x = torch.tensor(3.0, requires_grad=True)
a = 2 * x
b = a * a
c = a + b
c.backward()
print(x.grad)
