import torch

# three samples of two numbers; one bias for all of them, and one scale for each
x = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
bias = torch.tensor([10.0, 20.0], requires_grad=True)
scale = torch.tensor([[1.0], [2.0], [3.0]], requires_grad=True)

shifted = x + bias
scaled = scale * shifted
factors = torch.tensor([[1.0, 0.0], [1.0, 2.0], [0.0, 1.0]])
loss = (factors * scaled).sum()

loss.backward()

print('bias.grad: ', bias.grad.tolist())
print('scale.grad:', scale.grad.tolist())
