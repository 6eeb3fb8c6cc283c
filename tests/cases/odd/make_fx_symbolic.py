import torch
from torch.fx.experimental.proxy_tensor import make_fx

def f(x):
    return (x.reshape(x.shape[0] * x.shape[1]) * x.shape[0]).sum()
g = make_fx(f, tracing_mode="symbolic")(torch.ones(2, 3))
print(g(torch.ones(2, 3)))
