import torch
from torch import nn
from torch.func import functional_call

torch.manual_seed(0)
model = nn.Linear(2, 1)
parameters = {name: p.detach().clone().requires_grad_() for name, p in model.named_parameters()}
x = torch.randn(3, 2)
out = functional_call(model, parameters, (x,))
loss = out.square().mean()
gradients = torch.autograd.grad(loss, list(parameters.values()), create_graph=True)
adapted = {name: p - 0.1 * g for (name, p), g in zip(parameters.items(), gradients)}
outer = functional_call(model, adapted, (x,)).square().mean()
outer.backward()
print(loss.item(), outer.item(), parameters["weight"].grad)
