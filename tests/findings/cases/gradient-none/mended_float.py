import torch

w = torch.tensor([0.5, -1.0], requires_grad=True)
scale = torch.tensor(1.0, requires_grad=True)
size = w.norm()
limit = size
loss = (scale * limit - 2) ** 2
loss.backward()
print(w.grad)
