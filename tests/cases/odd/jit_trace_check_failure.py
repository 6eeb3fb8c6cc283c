import torch

def f(x):
    if x.sum() > 0:
        return x * torch.rand(2)
    return x
traced = torch.jit.trace(f, torch.ones(2))
print(traced(torch.ones(2)).shape)
