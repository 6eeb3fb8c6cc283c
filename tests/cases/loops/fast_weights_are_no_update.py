# turns: 3
# graphs: 1
# passes: 2
# names: w fast x
# updates: w
import torch

torch.manual_seed(0)
w = torch.tensor([1.0, -1.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
x = torch.randn(3, 2)
for task in range(3):
    inner = (x @ w - task).square().mean()
    (g,) = torch.autograd.grad(inner, w)
    fast = (w - 0.1 * g).detach().requires_grad_()
    outer = (x @ fast + task).square().mean()
    outer.backward()
    w.grad = fast.grad.clone()
    optimizer.step()
