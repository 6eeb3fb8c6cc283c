import torch

x = torch.tensor([1.0, 2.0])
w = torch.tensor([0.5, -0.5], requires_grad=True)
loss = ((w * x).sum() - 1) ** 2
loss.backward()
