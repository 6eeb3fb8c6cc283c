import torch
from torch.fx.experimental.symbolic_shapes import ShapeEnv
from torch._subclasses.fake_tensor import FakeTensorMode

mode = FakeTensorMode(shape_env=ShapeEnv())
x = mode.from_tensor(torch.ones(3, 4))
with mode:
    y = (x * 2).sum(0)
print(y.shape[0])
