import torch
import warnings

warnings.simplefilter("ignore")
x = torch.randn(2, 3, names=("N", "C"), requires_grad=True)
y = x.sum("C")
z = (y * 2).rename(None).sum()
z.backward()
print(x.grad, y.names)
t = torch.zeros(2, 3).refine_names("A", "B").align_to("B", "A")
print(t.shape, t.names)
