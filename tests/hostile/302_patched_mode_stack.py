# expect: ok-isolated - torch's stack of modes emptied, filled and turned round under the recorder
# kinds: ok,error
import torch
from torch.overrides import TorchFunctionMode
class Mine(TorchFunctionMode):
    def __torch_function__(self, f, types, args=(), kwargs=None): return f(*args, **(kwargs or {}))
x = torch.ones(2, requires_grad=True)
stack = []
while torch._C._len_torch_function_stack(): stack.append(torch._C._pop_torch_function_stack())
y = x * 2
for mode in reversed(stack): torch._C._push_on_torch_function_stack(mode)
Mine().__enter__(); z = y + 1
z.sum().backward(); print(x.grad)
