import torch

x = torch.tensor([0.5, 1.5], requires_grad=True)
y = x * 2
y += 1
z = torch.relu_(y + 0.5)
loss = z.sum()
loss.backward()
