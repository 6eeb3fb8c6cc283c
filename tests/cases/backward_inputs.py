import torch

a = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor([3.0, 4.0], requires_grad=True)
h = a * b
loss = (h**2).sum()
loss.backward(inputs=[a], retain_graph=True)
print(a.grad, b.grad)
loss.backward(inputs=b)
print(a.grad, b.grad)
