import torch
w = torch.randn(3, requires_grad=True)
for i in range(2):
    loss = (w ** 2).sum()
    loss.backward()
    try:
        w = w - 0.1 * w.grad
    except TypeError:
        print("grad is None")
        break
print(w.requires_grad, w.is_leaf)
