import torch

x = torch.tensor([1.0, -2.0], requires_grad=True)
y = torch.cond(x.sum() > 0, lambda x: x * 2, lambda x: x.sin(), (x,))
loss = y.sum()
loss.backward()
print(loss, x.grad)
