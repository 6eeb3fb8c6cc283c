import torch

torch.manual_seed(0)
x = torch.randn(4, 3).bfloat16()
w = torch.randn(3, 2, requires_grad=True)
h = x @ w.to(torch.bfloat16)
loss = h.float().square().mean()
loss.backward()
print(h.dtype, w.grad.dtype, loss.item())
