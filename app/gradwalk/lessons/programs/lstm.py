import torch

# only the first number of the sequence is to be remembered
x = torch.tensor([1.0, 0.0, 0.0])

# for the gates input, forget, candidate, output: weight of the number, weight of the last answer, bias
w = torch.tensor([6.0, 0.0, 2.0, 0.0], requires_grad=True)
u = torch.tensor([0.0, 0.0, 0.0, 0.0], requires_grad=True)
b = torch.tensor([-3.0, 2.2, 0.0, 0.0], requires_grad=True)

cell = answer = torch.tensor(0.0)
for number in x:
    i, f, g, o = w * number + u * answer + b
    cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
    answer = torch.sigmoid(o) * torch.tanh(cell)

loss = (answer - 1) ** 2
loss.backward()

print(f'cell {cell.item():.4f}, answer {answer.item():.4f}')
print('gradient of the biases:', [round(number, 4) for number in b.grad.tolist()])
