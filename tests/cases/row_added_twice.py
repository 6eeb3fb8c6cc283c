import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.ones(3, 2) * w
x[0] += w
x[:, 1] -= 2 * w.sum()
x[x > 0] *= 2
x.view(-1)[0] = w.prod()
x[1].add_(1)
x.T[1] = 2
loss = x.sum()
loss.backward()
print(x, w.grad)
