# expect: ok-isolated - the recorder's own modules gone, their names bound to something that raises
# kinds: ok,error,no-result,bad-result
import sys, torch
class Trap:
    def __getattr__(self, name): raise RuntimeError(name)
for name in list(sys.modules):
    if name == "gradwalk" or name.startswith("gradwalk."):
        for key in list(vars(sys.modules[name])):
            if not key.startswith("__") and "send" not in key: setattr(sys.modules[name], key, Trap())
        del sys.modules[name]
x = torch.ones(2, requires_grad=True); (x * x).sum().backward()
