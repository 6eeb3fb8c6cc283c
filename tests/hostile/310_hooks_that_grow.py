# expect: limit - a hook that starts a pass, whose hook starts a pass
# kinds: time,memory,ok,error,crash
import torch
x = torch.ones(2, requires_grad=True)
def again(gradient):
    y = (x * gradient.detach()).sum(); y.register_hook(again); y.backward()
y = (x * 2).sum(); y.register_hook(again); y.backward()
