import torch

x = torch.tensor(2.0, requires_grad=True)
empty = torch.zeros(0, 3, requires_grad=True)
nothing = (empty * x).sum()
joined = torch.cat([empty.flatten(), x.reshape(1), x.unsqueeze(0) ** 2])
loss = joined.sum() + nothing
loss.backward()
print(loss.item(), x.grad, empty.grad.shape, x.item(), int(x.long()))
