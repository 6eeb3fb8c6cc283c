import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
seen = []
model[0].register_forward_hook(lambda module, args, output: output * 2)
model[1].register_forward_pre_hook(lambda module, args: (args[0] + 1,))
model[2].register_full_backward_hook(lambda module, grad_in, grad_out: seen.append(grad_out[0].sum().item()))
model[1].register_full_backward_hook(lambda module, grad_in, grad_out: (grad_in[0] * 0.5,))
x = torch.randn(4, 2)
loss = model(x).square().mean()
loss.backward()
print(seen, model[0].weight.grad)
