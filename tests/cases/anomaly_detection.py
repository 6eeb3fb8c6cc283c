import torch

x = torch.tensor([1.0, 4.0], requires_grad=True)
with torch.autograd.set_detect_anomaly(True):
    h = x.sqrt() * 2
    loss = h.sum()
    loss.backward()
print(x.grad)
