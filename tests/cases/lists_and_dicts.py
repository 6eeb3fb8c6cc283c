import torch

torch.manual_seed(0)
parameters = {"w": torch.randn(3, 2, requires_grad=True), "b": torch.zeros(2, requires_grad=True)}
batches = [torch.randn(2, 3), torch.randn(1, 3)]


def predict(x, params):
    return torch.tanh(x @ params["w"] + params["b"])


outputs = [predict(batch, parameters) for batch in batches]
joined = torch.cat(outputs, dim=0)
stacked = torch.stack([joined, joined * 2])
loss = stacked.var()
loss.backward()
print({name: p.grad.norm().item() for name, p in parameters.items()})
