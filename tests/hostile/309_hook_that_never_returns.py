# expect: limit - a gradient's hook inside the engine's C++ code that never returns
# kinds: time
import torch
x = torch.ones(2, requires_grad=True); y = x * 2
def wait(gradient):
    while True: pass
y.register_hook(wait); y.sum().backward()
