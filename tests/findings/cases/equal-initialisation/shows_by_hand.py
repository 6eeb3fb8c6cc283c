import torch

torch.manual_seed(0)
w1 = torch.ones(2, 3, requires_grad=True)
w2 = torch.ones(3, 1, requires_grad=True)
x, y = torch.randn(6, 2), torch.randn(6, 1)
for step in range(2):
    loss = ((torch.tanh(x @ w1) @ w2 - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for w in (w1, w2):
            w -= 0.1 * w.grad
            w.grad = None
print(w1)
