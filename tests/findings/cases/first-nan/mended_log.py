import torch

p = torch.tensor([0.0, 0.5, 1.0], requires_grad=True)
y = torch.tensor([0.0, 1.0, 1.0])
loss = -(y * torch.log(p + 1e-8) + (1 - y) * torch.log(1 - p + 1e-7)).mean()
loss.backward()
print(loss, p.grad)
