import torch
from torch._higher_order_ops import while_loop

def more(i, x):
    return i < 3

def body(i, x):
    return i + 1, x * 2

i, x = while_loop(more, body, (torch.tensor(0), torch.tensor([1.0])))
print(i, x)
