# expect: ok-isolated - __torch_function__ that never comes to an end
# kinds: ok,error,time,crash,memory
import torch
class Deep(torch.Tensor):
    @classmethod
    def __torch_function__(cls, f, types, args=(), kwargs=None): return f(*args, **(kwargs or {}))
torch.ones(2).as_subclass(Deep) + 1
