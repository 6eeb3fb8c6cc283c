import torch

x = torch.randn(3, requires_grad=True)
with torch.autograd.graph.save_on_cpu():
    y = (x.sin() * x).sum()
y.backward()
print(x.grad)
with torch.autograd.graph.saved_tensors_hooks(lambda t: t * 1, lambda t: t):
    y = (x ** 2).sum()
y.backward()
with torch.autograd.graph.disable_saved_tensors_hooks("no"):
    (x * 2).sum().backward()
print(x.grad)
