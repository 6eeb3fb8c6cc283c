import torch

w = torch.tensor([0.0, 4.0], requires_grad=True)
loss = torch.sqrt(w * 2 + 1e-8).sum()
loss.backward()
print(loss, w.grad)
