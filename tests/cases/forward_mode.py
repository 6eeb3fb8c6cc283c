import torch
import torch.autograd.forward_ad as fwAD
from torch.func import jvp

x = torch.tensor([0.5, 1.0])
value, tangent = jvp(torch.sin, (x,), (torch.ones(2),))
with fwAD.dual_level():
    dual = fwAD.make_dual(x, torch.tensor([1.0, 0.0]))
    slope = fwAD.unpack_dual(dual.exp().sum()).tangent
w = torch.tensor(2.0, requires_grad=True)
loss = (w * tangent).sum() * slope
loss.backward()
print(value, tangent, slope, w.grad)
