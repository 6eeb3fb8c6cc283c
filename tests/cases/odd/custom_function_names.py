import torch

class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 2 * x * g

class Shift(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x + 1
    @staticmethod
    def setup_context(ctx, inputs, output):
        pass
    @staticmethod
    def backward(ctx, g):
        return g
    @staticmethod
    def vmap(info, in_dims, x):
        return Shift.apply(x), in_dims[0]

class Inplace(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x
    @staticmethod
    def backward(ctx, g):
        return g * 2

w = torch.ones(2, requires_grad=True)
y = Shift.apply(Square.apply(w))
z = Inplace.apply(y * 1)
z.sum().backward()
print(w.grad)
print(torch.func.grad(lambda t: Shift.apply(t).sum())(torch.ones(2)))
