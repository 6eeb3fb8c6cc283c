import torch
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
w = torch.randn(3, 3, requires_grad=True)
x = torch.randn(2, 3, requires_grad=True)


def block(h):
    return torch.relu(h @ w)


h = checkpoint(block, x, use_reentrant=True)
loss = h.sum()
loss.backward()
print(x.grad, w.grad)
