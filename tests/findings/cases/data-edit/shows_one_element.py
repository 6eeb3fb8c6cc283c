import torch

x = torch.tensor([0.5, -1.5, 2.0], requires_grad=True)
y = x * 3
y.data[0] = 0.0
loss = (y * y).sum()
loss.backward()
print(x.grad)
