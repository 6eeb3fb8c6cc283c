import torch
from torch._higher_order_ops.associative_scan import associative_scan

x = torch.arange(4.0)
print(associative_scan(lambda a, b: a + b, x, 0, combine_mode="generic"))
