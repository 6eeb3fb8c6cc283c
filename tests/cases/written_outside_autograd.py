import torch

x = torch.zeros(3, 2)
row = torch.tensor([1.0, 2.0])
x[0] += row
x[:, 0] -= 1
x[x > 1] *= 2
x.view(-1)[0] = 5
x[1].add_(1)
x.T[1] = 2
x.diagonal().fill_(7)
w = torch.ones(2, requires_grad=True)
loss = (x @ w).sum()
loss.backward()
print(x, w.grad)
