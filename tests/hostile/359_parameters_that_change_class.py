# expect: ok-isolated - recorded tensors and modules that become something else after they were recorded
# kinds: ok,error
import torch
from torch import nn
class Other(nn.Parameter):
    def __getattribute__(self, name): raise OSError("gone")
net = nn.Linear(2, 2); x = torch.ones(2, 2)
loss = net(x).sum()
object.__setattr__(net.weight, "__class__", Other) if False else setattr(net, "__class__", type("Gone", (nn.Linear,), {"__getattr__": lambda self, n: 1 / 0}))
net.weight.data = torch.ones(5, 5); x.resize_(0); x.set_(torch.ones(1).untyped_storage())
loss.backward()
