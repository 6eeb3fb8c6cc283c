import torch
import torch.nn.functional as F

# one example, as a column
x = torch.tensor([[1.0], [2.0]])
y = torch.tensor([[5.0]])

# a hidden layer of three neurons, and one answer
w1 = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]], requires_grad=True)
b1 = torch.tensor([[0.0], [0.0], [1.0]], requires_grad=True)
w2 = torch.tensor([[1.0, 2.0, 2.0]], requires_grad=True)
b2 = torch.tensor([[0.0]], requires_grad=True)

# addmm(b, w, x) is w @ x + b in one
z = torch.addmm(b1, w1, x)
h = torch.relu(z)
answer = torch.addmm(b2, w2, h)
loss = F.mse_loss(answer, y)

loss.backward()

for name, tensor in [('w1', w1), ('b1', b1), ('w2', w2), ('b2', b2)]:
    print(name, tensor.grad.tolist())
