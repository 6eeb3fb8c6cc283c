import torch

w = torch.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
h = torch.zeros(2, 4)
h[0] = w
h[1, 1:3] = w[:2] * 2
h[h == 0] = 0.5
h[:, -1] += 1
loss = (h * h).sum()
loss.backward()
print(h, w.grad)
