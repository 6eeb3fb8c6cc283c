import torch

w = torch.tensor([0.4, 1.7], requires_grad=True)
loss = ((w * 2).round() - 1).square().sum()
loss.backward()
print(w.grad)
