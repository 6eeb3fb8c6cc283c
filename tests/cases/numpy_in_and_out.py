import numpy as np
import torch

data = np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32)
x = torch.from_numpy(data)
w = torch.tensor(np.full((2, 1), 0.5), dtype=torch.float32, requires_grad=True)
h = torch.sigmoid(x @ w)
data[0, 0] = 10.0
back = h.detach().numpy().mean()
loss = (h * float(back)).sum() + torch.as_tensor(np.float32(1.5))
loss.backward()
print(back, x, w.grad.numpy())
