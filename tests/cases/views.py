import torch

x = torch.arange(24.0).reshape(2, 3, 4).requires_grad_()
flat = x.flatten(1)
turned = x.permute(2, 0, 1).contiguous()
square = x[0, :, :3]
trace = square.diagonal().sum()
windows = flat.unfold(1, 4, 2)
narrow = flat.narrow(1, 2, 3)
loss = turned.sin().sum() + trace + windows.mean() + narrow.T.squeeze().square().sum()
loss.backward()
print(flat.view(4, -1).shape, x.grad.sum())
