import torch
import traceback

x = torch.ones(2, requires_grad=True)
try:
    x @ torch.ones(3)
except RuntimeError:
    traceback.print_exc()
    print(traceback.format_exc())
try:
    (x * 2).backward()
except RuntimeError as e:
    traceback.print_exception(e)
    traceback.print_tb(e.__traceback__)
