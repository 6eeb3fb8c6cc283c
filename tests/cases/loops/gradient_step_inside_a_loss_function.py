# turns: 2
# graphs: 1
# passes: 3
# names: model.weight support query
# updates: model.weight
import torch
from torch import nn
from torch.func import functional_call


def adapted_loss(support, query):
    params = dict(model.named_parameters())
    for _ in range(2):
        loss = functional_call(model, params, (support,)).square().mean()
        gradients = torch.autograd.grad(loss, list(params.values()))
        params = {name: p - 0.1 * g for (name, p), g in zip(params.items(), gradients)}
    return (functional_call(model, params, (query,)) - 1).square().mean()


torch.manual_seed(0)
model = nn.Linear(2, 1, bias=False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
support, query = torch.randn(3, 2), torch.randn(3, 2)
for step in range(2):
    optimizer.zero_grad()
    outer = adapted_loss(support, query)
    outer.backward()
    optimizer.step()
