import torch

x1, x2 = torch.tensor(2.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
w1, w2 = torch.tensor(-3.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
b = torch.tensor(6.8813735870195432, requires_grad=True)
o = torch.tanh(x1 * w1 + x2 * w2 + b)
o.backward()
print(w1.grad, w2.grad)
