import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
h = x * 2
first = h[0]
first += 10
h[1:].mul_(3)
loss = h.square().sum()
loss.backward()
print(h, x.grad)
