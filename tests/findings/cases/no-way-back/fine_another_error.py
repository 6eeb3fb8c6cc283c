import torch

w = torch.tensor([0.5, -0.5], requires_grad=True)
loss = w * torch.tensor([1.0, 2.0])
loss.backward()
