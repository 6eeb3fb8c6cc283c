import numpy as np
import torch

w = torch.ones(3, requires_grad=True)
a = w.detach().numpy()
t = torch.from_numpy(a * 2)
(w * t).sum().backward()
print(w.grad, np.asarray(w.grad), torch.from_dlpack(t))
print(np.mean(w.detach().numpy()), torch.tensor(np.float32(3)))
