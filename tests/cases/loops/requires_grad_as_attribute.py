# turns: 3
# graphs: 1
# names: W b x y
# updates: W b
# edges: matmul 2
import torch

torch.manual_seed(0)
x, y = torch.randn(4, 2), torch.randn(4, 1)
W = torch.randn(2, 1) * 0.1
W.requires_grad = True
b = torch.zeros(1)
b.requires_grad = True
for _ in range(3):
    loss = (x @ W + b - y).square().mean()
    W.grad = b.grad = None
    loss.backward()
    W.data += -0.5 * W.grad
    b.data += -0.5 * b.grad
