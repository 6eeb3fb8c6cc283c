import torch

w = torch.tensor([0.5, -1.5, 2.0], requires_grad=True)
h = torch.tanh(w)
squared = h * h
h = h * torch.tensor([0.0, 1.0, 1.0])
loss = squared.sum()
loss.backward()
