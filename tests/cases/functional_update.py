import torch
w = torch.randn(3, requires_grad=True)
def step(w):
    g, = torch.autograd.grad((w ** 2).sum(), w)
    return w - 0.1 * g
for i in range(3):
    w = step(w)
print(w.tolist(), w.requires_grad)
