import torch

w = torch.tensor([2.0], requires_grad=True)
x = torch.tensor([3.0])
print((w * x).std())
loss = (w * x).sum()
loss.backward()
