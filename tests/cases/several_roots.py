import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
h = x.exp()
low = h.min()
high = (h * x)[1:]
torch.autograd.backward([low, high], grad_tensors=[None, torch.tensor([1.0, -1.0])])
print(x.grad)
