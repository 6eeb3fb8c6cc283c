import torch

w = torch.tensor([0.5, -1.5], requires_grad=True)
x = torch.tensor([2.0, 3.0])
loss = (w * x).sum() - (w * x).sum() + 1.0
loss.backward()
print(w.grad)
