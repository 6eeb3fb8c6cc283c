import torch

torch.manual_seed(0)
x = torch.randn(16, 3)
y = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3
w1 = (torch.randn(3, 6) * 0.5).requires_grad_()
b1 = torch.zeros(6, requires_grad=True)
w2 = (torch.randn(6, 1) * 0.5).requires_grad_()
optimizer = torch.optim.SGD([w1, b1, w2], lr=0.05)
for step in range(4):
    loss = ((x @ w1 + b1) @ w2 - y).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
