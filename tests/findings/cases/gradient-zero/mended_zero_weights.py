import torch

torch.manual_seed(0)
x, y = torch.randn(4, 3), torch.randn(4, 1)
w1 = torch.randn(3, 5, requires_grad=True)
w2 = torch.randn(5, 1, requires_grad=True)
loss = ((torch.tanh(x @ w1) @ w2 - y) ** 2).mean()
loss.backward()
print(w1.grad, w2.grad)
