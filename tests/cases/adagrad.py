import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.Adagrad([w, b], lr=0.5)
for _ in range(3):
    optimizer.zero_grad()
    loss = ((w * torch.tensor([1.0, -1.0]) + b - 3) ** 2).sum()
    loss.backward()
    optimizer.step()
print(w, b)
