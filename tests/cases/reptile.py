import torch

w = torch.tensor([2.0, 1.0], requires_grad=True)
for task in range(2):
    fast = w.clone().detach().requires_grad_()
    for k in range(2):
        loss = ((fast - task) ** 2).sum()
        (g,) = torch.autograd.grad(loss, fast)
        fast = (fast - 0.1 * g).detach().requires_grad_()
    with torch.no_grad():
        w += 0.5 * (fast - w)
print(w)
