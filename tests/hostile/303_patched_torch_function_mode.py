# expect: ok-isolated - entering and leaving a mode replaced by something that raises
# kinds: ok,error,no-result,bad-result
import torch
from torch.overrides import TorchFunctionMode
def no(*a, **k): raise KeyError("no")
x = torch.ones(2) * 2
TorchFunctionMode.__exit__ = TorchFunctionMode.__enter__ = no
type(x).__mul__ = no
