import torch

w = torch.tensor([3.0, 5.0], requires_grad=True)
loss = (w.clamp(0, 10) - 0.5).square().sum()
loss.backward()
print(w.grad)
