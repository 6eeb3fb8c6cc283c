import numpy as np
import torch

# from NumPy and back: the same numbers in the same memory
array = np.array([1.0, 2.0, 3.0])
shared = torch.from_numpy(array)
copied = torch.tensor(array)
array[0] = 10.0
print('shared:', shared.tolist(), 'copied:', copied.tolist())

# NumPy's decimals have 64 bits, a network's have 32
small = shared.to(torch.float32)
print(array.dtype, shared.dtype, small.dtype)

# what NumPy cannot do
w = torch.tensor([1.0, 1.0, 1.0], requires_grad=True)
loss = (w * small).sum()
loss.backward()
print('back to NumPy:', w.detach().numpy())

# the device: a GPU where there is one
device = 'cuda' if torch.cuda.is_available() else 'cpu'
moved = small.to(device)
print('device:', moved.device)

# "meta" is a device without numbers: everything else is as on a GPU
far = small.to('meta')
