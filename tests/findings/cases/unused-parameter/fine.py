import torch

w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(0.5, requires_grad=True)
(w * 3 - 1).square().backward()
(w.detach() * 3 + b - 1).square().backward()
print(w.grad, b.grad)
