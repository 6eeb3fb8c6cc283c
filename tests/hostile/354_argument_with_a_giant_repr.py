# expect: ok-isolated - arguments whose text has a hundred million letters or never comes
# kinds: ok,error,memory,time
import torch
class Dim(int):
    def __repr__(self): return "x" * 100_000_000
    __str__ = __format__ = __repr__
class Name(str):
    def __repr__(self):
        while True: pass
x = torch.ones(2, 2, requires_grad=True)
torch.sum(x, dim=Dim(0)).sum().backward(); torch.einsum(Name("ij->i"), x)
torch.nn.functional.interpolate(x[None], scale_factor=Dim(2), mode=Name("nearest"))
