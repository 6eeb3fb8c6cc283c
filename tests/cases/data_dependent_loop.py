import torch

x = torch.tensor([0.3, 0.4], requires_grad=True)
y = x * 2
steps = 0
while y.norm() < 10:
    y = y * 2 if y.sum() > 3 else y + x
    steps += 1
y.sum().backward()
print(steps, x.grad)
