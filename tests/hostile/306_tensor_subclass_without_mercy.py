# expect: ok-isolated - a subclass whose every special method raises or calls itself
# kinds: ok,error
import torch
class Evil(torch.Tensor):
    def no(self, *a, **k): raise ZeroDivisionError("no")
    __repr__ = __str__ = __eq__ = __hash__ = __len__ = __bool__ = __format__ = __getitem__ = __iter__ = __float__ = __del__ = no
    shape = dtype = device = grad = grad_fn = requires_grad = is_leaf = property(no)
    numel = dim = size = stride = data_ptr = detach = clone = item = tolist = no
    @classmethod
    def __torch_function__(cls, f, types, args=(), kwargs=None): return super().__torch_function__(f, types, args, kwargs or {})
e = torch.ones(3).as_subclass(Evil)
y = torch.ones(3, requires_grad=True) * e
names = {"e": e}; held = [e, (e, {"x": e})]
y.as_subclass(torch.Tensor).sum().backward()
