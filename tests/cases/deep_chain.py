import torch

x = torch.tensor([0.5, -0.5], requires_grad=True)
h = x
for _ in range(60):
    h = torch.sin(h) * 1.01
loss = h.sum()
loss.backward()
print(x.grad)
