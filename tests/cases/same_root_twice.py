import torch

w = torch.tensor([0.5, -1.0], requires_grad=True)
loss = w.exp().sum()
torch.autograd.backward([loss, loss])
print(w.grad)
