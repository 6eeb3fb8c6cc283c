import torch

# one token asks, three tokens answer
query = torch.tensor([1.0, 2.0], requires_grad=True)
keys = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], requires_grad=True)
values = torch.tensor([[6.0], [0.0], [3.0]], requires_grad=True)

scores = keys @ query
weights = torch.softmax(scores, dim=0)
mixed = weights @ values

loss = mixed.sum()
loss.backward()

print('weights:', weights.tolist())
print('mixed:', mixed.item())
for name, tensor in [('values', values), ('query', query), ('keys', keys)]:
    print(name, tensor.grad.tolist())
