# expect: limit - one tensor used a hundred thousand times, and all of it stacked in one call
# kinds: ok,time,memory
import torch
x = torch.ones(1, requires_grad=True)
torch.stack([x * i for i in range(100_000)]).sum().backward(); print(x.grad)
