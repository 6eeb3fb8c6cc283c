import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
for name, module in net.named_modules():
    module.register_forward_pre_hook(lambda m, i: print("pre", type(m).__name__))
    module.register_forward_hook(lambda m, i, o: print("post", type(m).__name__))
    module.register_full_backward_pre_hook(lambda m, g: print("bpre", type(m).__name__))
    module.register_full_backward_hook(lambda m, gi, go: print("back", type(m).__name__))
for p in net.parameters():
    p.register_hook(lambda g: print("grad", tuple(g.shape)))
    p.register_post_accumulate_grad_hook(lambda p: print("acc", tuple(p.grad.shape)))
loss = net(torch.ones(1, 2)).sum()
loss.register_hook(lambda g: g * 2)
loss.grad_fn.register_hook(lambda gi, go: print("node"))
loss.grad_fn.register_prehook(lambda go: print("prenode"))
loss.backward()
print(net[0].weight.grad)
