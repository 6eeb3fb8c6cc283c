import torch
w = torch.randn(3, requires_grad=True)
@torch.compile(backend="eager")
def f(x):
    return (x * w).sin().sum()
loss = f(torch.ones(3))
loss.backward()
print(w.grad)
