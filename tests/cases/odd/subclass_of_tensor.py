import torch

class Tagged(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return super().__torch_function__(func, types, args, kwargs or {})

x = torch.ones(2).as_subclass(Tagged).requires_grad_()
y = (x * 2).sum()
y.backward()
print(type(y).__name__, x.grad)
