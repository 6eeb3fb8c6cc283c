import torch

w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(0.5, requires_grad=True)
optimizer = torch.optim.Adam([w, b], lr=0.01)
for step in range(3):
    fast_w, fast_b = w, b
    for _ in range(2):
        gw, gb = torch.autograd.grad((fast_w + fast_b - 1).square(), (fast_w, fast_b))
        fast_w, fast_b = fast_w - 0.1 * gw, fast_b - gb * 0.1
    loss = (2 * fast_w + fast_b - 1).square()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
