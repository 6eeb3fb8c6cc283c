import torch

lr = torch.tensor(0.1, requires_grad=True)
w = torch.tensor([2.0, 1.0], requires_grad=True)
p = w.clone()
for step in range(3):
    (g,) = torch.autograd.grad((p ** 2).sum(), p, create_graph=True)
    p = p - lr * g
p.sum().backward()
print(w.grad, lr.grad)
