import torch

x = torch.tensor([-2.0, -0.5, 0.5, 2.0], requires_grad=True)
leaky = torch.where(x > 0, x, 0.1 * x)
clipped = x.clamp(min=-1, max=1)
highest = torch.maximum(leaky, clipped)
loss = highest.masked_fill(x < -1, 3.0).sum() + leaky.abs().max()
loss.backward()
print(x.grad)
