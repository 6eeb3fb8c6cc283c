import torch
a, b = torch.randn(2, requires_grad=True), torch.randn(3, requires_grad=True)
for i in range(2):
    loss = (a ** 2).sum() + (b ** 2).sum()
    loss.backward()
    with torch.no_grad():
        torch._foreach_add_([a, b], [a.grad, b.grad], alpha=-0.1)
    a.grad = b.grad = None
print(a.tolist())
