import torch

@torch.jit.script
def f(x, n: int):
    for i in range(n):
        if bool(x.sum() > 0):
            x = x * 0.5
        else:
            x = x + 1
    return x

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = f(x, 3).sum()
y.backward()
print(y, x.grad)
