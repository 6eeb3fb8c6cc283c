import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * 2 * x


class Wrong(Square):
    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * x


a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(3.0, requires_grad=True)
loss = Square.apply(a) + Wrong.apply(b)
loss.backward()

# how steep it really is: one step to the right, one to the left
with torch.no_grad():
    right, left = Wrong.apply(b + 1), Wrong.apply(b - 1)
    slope = (right - left) / 2

print('Square:', a.grad.item(), 'Wrong:', b.grad.item(), 'slope:', slope.item())
