import torch
import warnings
from torch.masked import masked_tensor

warnings.simplefilter("ignore")
m = masked_tensor(torch.tensor([1.0, 2.0]), torch.tensor([True, False]), requires_grad=True)
y = (m * 3).sum()
y.backward()
print(m.grad)
