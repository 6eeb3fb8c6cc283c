import torch

w = torch.ones(2, requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
try:
    loss.backward()
except RuntimeError as error:
    print(str(error)[:40])
