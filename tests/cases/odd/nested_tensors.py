import torch
import warnings

warnings.simplefilter("ignore")
a = torch.randn(2, 3, requires_grad=True)
b = torch.randn(4, 3, requires_grad=True)
n = torch.nested.as_nested_tensor([a, b])
y = torch.nested.to_padded_tensor(n * 2, 0.0)
y.sum().backward()
print(a.grad, b.grad)
j = torch.nested.nested_tensor([torch.ones(2, 3), torch.ones(4, 3)], layout=torch.jagged, requires_grad=True)
z = (j * 3)
z.values().sum().backward() if False else None
print(z.shape[0])
