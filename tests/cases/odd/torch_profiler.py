import torch
from torch.profiler import profile, record_function, ProfilerActivity

x = torch.ones(3, requires_grad=True)
with profile(activities=[ProfilerActivity.CPU], record_shapes=True) as prof:
    with record_function("model"):
        y = (x * 2).sum()
    y.backward()
print("model" in prof.key_averages().table(), x.grad)
