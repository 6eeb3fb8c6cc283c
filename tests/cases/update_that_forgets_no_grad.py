import torch

torch.manual_seed(0)
w = torch.randn(3, requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
# without no_grad this is no update but one more operation
moved = w - 0.1 * w.grad
w.grad = None
loss = (moved ** 2).sum()
loss.backward()
print(moved.is_leaf, w.grad)
