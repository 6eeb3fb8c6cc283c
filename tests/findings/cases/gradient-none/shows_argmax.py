import torch

scores = torch.tensor([0.1, 0.7, 0.2], requires_grad=True)
scale = torch.tensor(2.0, requires_grad=True)
choice = scores.argmax()
loss = (choice * scale - 3) ** 2
loss.backward()
print(scores.grad)
