import torch

# one example, one hidden layer of three, one answer
x = torch.tensor([[1.0], [2.0]])
y = torch.tensor([[3.0]])

w1 = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]], requires_grad=True)
b1 = torch.tensor([[0.0], [0.0], [1.0]], requires_grad=True)
w2 = torch.tensor([[1.0, 2.0, 2.0]], requires_grad=True)
b2 = torch.tensor([[0.0]], requires_grad=True)

z = w1 @ x + b1
h = torch.relu(z)
answer = w2 @ h + b2
loss = 0.5 * (answer - y).square().sum()

loss.backward()

for name, tensor in [('w1', w1), ('b1', b1), ('w2', w2), ('b2', b2)]:
    print(name, tensor.grad.tolist())
