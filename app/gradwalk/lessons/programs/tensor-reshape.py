import torch

wide = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

# the same six numbers in other shapes
tall = wide.reshape(3, 2)
flat = tall.view(6)

# -1: as long as it has to be
pairs = flat.view(-1, 2)

print('wide:', wide.shape, 'tall:', tall.shape, 'flat:', flat.shape, 'pairs:', pairs.shape)
print('same memory:', wide.data_ptr() == flat.data_ptr())
