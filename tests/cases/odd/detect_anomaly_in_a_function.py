import torch

def root(x):
    return torch.sqrt(x)

def f(x):
    return root(x) * 0

torch.autograd.set_detect_anomaly(True)
x = torch.tensor(0.0, requires_grad=True)
try:
    f(x).backward()
except RuntimeError as error:
    print(error)
