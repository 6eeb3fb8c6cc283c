# turns: 2
# graphs: 1
# passes: 3
# names: w b
# updates: w b
import torch

torch.manual_seed(0)
w = torch.randn(1, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
meta_optimizer = torch.optim.SGD([w, b], lr=0.05)
for outer in range(2):
    outer_loss = 0.0
    for slope in (1.0, 2.0):
        x = torch.linspace(-1, 1, 4).unsqueeze(1)
        y = slope * x
        inner = (x @ w + b - y).square().mean()
        gw, gb = torch.autograd.grad(inner, (w, b), create_graph=True)
        fast_w, fast_b = w - 0.1 * gw, b - 0.1 * gb
        outer_loss = outer_loss + (x @ fast_w + fast_b - y).square().mean()
    meta_optimizer.zero_grad()
    outer_loss.backward()
    meta_optimizer.step()
    print(outer, outer_loss.item())
