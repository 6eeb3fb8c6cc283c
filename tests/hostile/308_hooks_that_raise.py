# expect: error - hooks of every kind that raise in the middle of a pass
# kinds: error
import torch
from torch import nn
def no(*a, **k): raise ArithmeticError("hook")
net = nn.Linear(2, 2); x = torch.ones(2, 2)
for register in (net.register_forward_hook, net.register_forward_pre_hook, net.register_full_backward_hook, net.register_full_backward_pre_hook):
    handle = register(no)
    try: net(x).sum().backward()
    except ArithmeticError as e: print("raised")
    handle.remove()
net.weight.register_post_accumulate_grad_hook(no); net(x).sum().backward()
