# <script>ran=1</script> <img src=x onerror=ran=1> javascript:ran=1
import sys, types, warnings
import torch
from torch import nn

BAD = "<img src=x onerror=ran=1><script>ran=2</script>javascript:ran=3\x1b[31m\x1b]0;title\x07\u202e\u2066"
print(BAD)
print(BAD, file=sys.stderr)
warnings.warn(BAD, type(BAD, (UserWarning,), {}))


def double(x):
    return x * 2 + 1


double.__name__ = double.__qualname__ = BAD
double.__code__ = double.__code__.replace(co_name=BAD)


def forward(self, x):
    return getattr(self, BAD + "layer")(double(x)) * getattr(self, BAD)


Net = type(BAD, (nn.Module,), {"forward": forward})
net = Net()
net.add_module(BAD + "layer", type(BAD + "Linear", (nn.Linear,), {})(2, 1))
net.register_parameter(BAD, nn.Parameter(torch.ones(1)))
net.register_buffer(BAD + "buffer", torch.ones(1))
globals()[BAD] = torch.tensor([[1.0, 2.0]], requires_grad=True)
held = {BAD: torch.ones(1, 2), "x": [types.SimpleNamespace(**{BAD: torch.ones(1, 2)})]}
ѕсоре = globals()[BAD] * held[BAD] + held["x"][0].__dict__[BAD]


def step(self, closure=None):
    torch.optim.SGD.step(self)
    for group in self.param_groups:
        for p in group["params"]:
            self.state[p][BAD] = BAD
            self.state[p]["deep"] = {BAD: [BAD, {BAD: torch.ones(1)}]}


Optimizer = type(BAD, (torch.optim.SGD,), {"step": step})
optimizer = Optimizer([{"params": list(net.parameters()), BAD: BAD}], lr=0.1, momentum=0.9)
for _ in range(2):
    optimizer.zero_grad()
    loss = net(ѕсоре.detach() + net._buffers[BAD + "buffer"]).square().sum()
    loss.backward()
    optimizer.step()
