import torch
import torch.nn.functional as F

x = torch.tensor([2.0, 1.0])
w = torch.tensor([[1.0], [-1.0]], requires_grad=True)

# w packs two numbers into one, and the same w unpacks it again
code = x @ w
copy = code @ w.T

loss = F.mse_loss(copy, x, reduction='sum')
loss.backward()

print('grad w.r.t. w:', w.grad.tolist())
