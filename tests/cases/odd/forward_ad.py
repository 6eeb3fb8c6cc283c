import torch
import torch.autograd.forward_ad as fwAD

x = torch.tensor([1.0, 2.0])
t = torch.tensor([1.0, 0.0])
with fwAD.dual_level():
    d = fwAD.make_dual(x, t)
    y = d.sin() * d
    print(fwAD.unpack_dual(y).tangent)
w = torch.tensor([1.0, 2.0], requires_grad=True)
with fwAD.dual_level():
    d = fwAD.make_dual(w, t)
    y = (d ** 3).sum()
    tangent = fwAD.unpack_dual(y).tangent
    tangent.backward()
print(w.grad)
