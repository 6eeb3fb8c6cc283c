import random

import numpy as np
import torch
import torch.nn.functional as F

generator = torch.Generator().manual_seed(7)
noise = torch.randn(3, generator=generator)
w = torch.rand(3, requires_grad=True)
kept = torch.bernoulli(torch.full((3,), 0.5))
order = torch.randperm(3)
choice = torch.multinomial(torch.tensor([0.1, 0.2, 0.7]), 2)
h = F.dropout(w * noise, p=0.5) * kept + w[order] + float(np.random.rand()) + random.random()
loss = h[choice].sum()
loss.backward()
print(order, choice, w.grad, torch.rand(1))
