import torch
from torch._subclasses.fake_tensor import FakeTensorMode

with FakeTensorMode():
    x = torch.randn(3, 4, requires_grad=True)
    y = (x @ x.T).sum()
    y.backward()
    print(x.grad.shape)
