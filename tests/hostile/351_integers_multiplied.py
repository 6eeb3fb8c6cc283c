# expect: limit - one product of matrices of integers, for which there is no fast code and which hears no signal
# kinds: time,memory
import torch
a = torch.ones(9000, 2500, dtype=torch.int64); b = torch.ones(2500, 9000, dtype=torch.int64)
for _ in range(100): a[:, :1] = (a @ b)[:, :1]
