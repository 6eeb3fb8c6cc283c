import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
y.backward(gradient=torch.tensor([1.0, 0.5]))
torch.autograd.backward([(x * 2).sum(), (x * 3).sum()])
print(x.grad)
