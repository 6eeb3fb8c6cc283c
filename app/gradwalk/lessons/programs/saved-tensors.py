import torch

x = torch.tensor([1.0, 2.0])
w = torch.tensor([2.0, 0.5], requires_grad=True)

a = w * x
b = a + 1
c = b**2
loss = c.sum()

loss.backward()
print('w.grad:', w.grad.tolist())
