import torch

class Broken(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, g):
        raise ValueError("no")

w = torch.ones(2, requires_grad=True)
try:
    (Broken.apply(w * 3) ** 2).sum().backward()
except ValueError as error:
    print(error)
(w * 2).sum().backward()
print(w.grad)
