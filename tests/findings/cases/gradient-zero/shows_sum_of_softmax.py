import torch

scores = torch.tensor([2.0, 2.0, 2.0, 2.0], requires_grad=True)
p = torch.softmax(scores, dim=0)
loss = (p.sum() - 3) ** 2
loss.backward()
print(scores.grad)
