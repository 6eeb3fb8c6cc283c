# expect: ok-isolated - objects whose __class__ is Tensor, Module, str or an error: torch itself crashes
# kinds: ok,error,crash
import torch
def lie(kind):
    class Liar:
        __class__ = property(lambda self: kind)
        def __getattr__(self, name): raise LookupError(name)
    return Liar()
x = torch.ones(2, requires_grad=True)
for kind in (torch.Tensor, torch.nn.Module, torch.nn.Parameter, str, int, list, dict, type(None)):
    for f in (lambda l: x * l, lambda l: torch.cat([x, l]), lambda l: torch.sum(x, dim=l), lambda l: l.backward(), lambda l: torch.autograd.grad(l, [l])):
        try: f(lie(kind))
        except Exception as e: print(type(e).__name__)
liar = lie(torch.Tensor); weights = [liar, {liar.__class__: liar}]
(x * 2).sum().backward()
