import torch


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, gradient):
        return gradient * 2


x = torch.tensor([1.0, -1.0], requires_grad=True)
y = Double.apply(x)
y.square().sum().backward()
print(x.grad)
