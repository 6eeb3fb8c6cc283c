import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
handle = y.register_hook(lambda g: g * 100)
z = y.sum()
z.backward(retain_graph=True)
print(x.grad)
handle.remove()
x.grad = None
z.backward()
print(x.grad)
