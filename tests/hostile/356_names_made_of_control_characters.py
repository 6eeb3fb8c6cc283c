# expect: ok-isolated - variables, parameters, modules and keys named with escapes, NULs, markup and half characters
# kinds: ok,error
import torch
from torch import nn
bad = "\x1b[2J\x00\r<img src=x onerror=alert(1)>\u202e\u2066\ud800"
globals()[bad] = torch.ones(2, requires_grad=True)
net = type(bad.encode("utf-8", "replace").decode().replace("\x00", ""), (nn.Module,), {"forward": lambda self, x: x * getattr(self, "p" + bad)})()
net.register_parameter("p" + bad.replace(".", ""), nn.Parameter(torch.ones(2)))
held = {bad: {bad: torch.ones(2) * 2}}
net(globals()[bad]).sum().backward()
