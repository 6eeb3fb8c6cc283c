import torch

traced = torch.jit.trace(lambda x: x * 2, torch.ones(2))
print(traced(torch.ones(2)))
