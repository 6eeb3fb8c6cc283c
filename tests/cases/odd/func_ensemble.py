import copy
import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap, grad

models = [nn.Linear(2, 1) for _ in range(3)]
params, buffers = stack_module_state(models)
base = copy.deepcopy(models[0]).to("meta")
x = torch.randn(4, 2)
def call(p, b, x):
    return functional_call(base, (p, b), (x,))
out = vmap(call, (0, 0, None))(params, buffers, x)
loss = out.pow(2).mean()
loss.backward()
print(loss, {k: v.grad for k, v in params.items()})
def one(p, b, x):
    return call(p, b, x).pow(2).mean()
print(vmap(grad(one), (0, 0, None))({k: v.detach() for k, v in params.items()}, buffers, x))
