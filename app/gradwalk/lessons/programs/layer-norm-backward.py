import torch

x = torch.tensor([1.0, 3.0, 5.0, 7.0], requires_grad=True)

# layer norm in small steps
mean = x.mean()
centred = x - mean
spread = centred.square().mean().sqrt()
normed = centred / spread

# only the first number goes into the loss
loss = normed[0]
loss.backward()

print('normed:', normed.tolist())
print('x.grad:', x.grad.tolist())
