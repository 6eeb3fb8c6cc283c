import torch
w = torch.randn(3, requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
g = w.grad.clone()
loss2 = (w * g).sum()
w.grad = None
loss2.backward()
print(w.grad)
