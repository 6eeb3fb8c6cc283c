import torch

scores = torch.tensor([0.1, 0.7, 0.2], requires_grad=True)
scale = torch.tensor(2.0, requires_grad=True)
choice = (scores.softmax(dim=0) * torch.arange(3.0)).sum()
loss = (choice * scale - 3) ** 2
loss.backward()
print(scores.grad)
