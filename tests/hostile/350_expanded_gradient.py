# expect: limit - the gradient of a view of 10**12 elements and one number
# kinds: ok,time,memory,error
import torch
x = torch.ones(1, requires_grad=True)
y = x.expand(10 ** 6, 10 ** 6); y[0, :3].sum().backward(); print(x.grad)
