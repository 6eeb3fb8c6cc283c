import torch

w = torch.tensor([0.3], requires_grad=True)
b = torch.tensor([0.1], requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.1)
loss = (w * 2 + b - 3) ** 2
loss.backward()
optimizer.step()
