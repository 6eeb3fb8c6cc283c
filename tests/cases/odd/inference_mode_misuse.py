import torch

w = torch.ones(2, requires_grad=True)
with torch.inference_mode():
    y = torch.ones(2)
loss = (w * y).sum()
loss.backward()
