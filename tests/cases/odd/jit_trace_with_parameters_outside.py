import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
def f(x):
    return (x * w).sum()
traced = torch.jit.trace(f, torch.ones(2))
y = traced(torch.tensor([3.0, 4.0]))
y.backward()
print(y.item(), w.grad)
