import torch

x = torch.ones(3, requires_grad=True)
with torch.autograd.profiler.profile() as prof:
    y = (x * 2).sum()
    y.backward()
print(len(prof.key_averages()) > 0, x.grad)
