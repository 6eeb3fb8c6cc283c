import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
h = x**2
h.retain_grad()
h += 1
h.retain_grad()
loss = h.log().sum()
loss.backward()
print(h.grad, x.grad)
