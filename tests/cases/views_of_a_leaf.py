import torch

w = torch.zeros(4, requires_grad=True)
for _ in range(3):
    loss = ((w - 1) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        middle = w[1:3]
        middle -= 0.1 * w.grad[1:3]
        # a view that was written refuses to tell its grad_fn
        del middle
    w.grad = None
print(w.tolist())
