import torch
import torch.nn.functional as F

x = torch.tensor([-1.0, 0.5, 2.0], requires_grad=True)
h = x * 2
h.add_(1).mul_(2)
F.relu(h, inplace=True)
g = x - 1
g.neg_()
F.leaky_relu_(g, 0.1)
loss = (h + g).sum()
loss.backward()
print(h, g, x.grad)
