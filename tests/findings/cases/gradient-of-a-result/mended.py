import torch

torch.manual_seed(0)
w = (torch.randn(3) * 0.1).requires_grad_()
loss = (w * torch.tensor([1.0, 2.0, 3.0])).sum() ** 2
loss.backward()
print(w.grad)
