import torch

x = torch.tensor([[4.0, 2.0], [1.5, 3.0]], requires_grad=True)
y = 1 - x
y = 2 / y.abs() + -x
y = 2**x * y - (x // 2).detach()
y = (x % 3) @ y
y = x.__pow__(2) + y
y /= 5
y -= x
loss = abs(y).sum()
loss.backward()
print(loss.item(), (x > 1).sum().item(), x == x)
