import torch

w = torch.randn(3, 2, requires_grad=True)
x = w * 1
rows = [x[i] for i in range(3)]
rows[0].mul_(2)
rows[1].add_(rows[0])
x.unsqueeze(0).squeeze(0).relu_()
x.expand(3, 2)[0, 0].neg_()
x.sum().backward()
print(w.grad)
