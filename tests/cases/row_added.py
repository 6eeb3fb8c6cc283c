import torch

total = torch.zeros(3, 2)
w = torch.tensor([1.0, 2.0], requires_grad=True)
for k in range(3):
    total[k] += w * (k + 1)
loss = (total ** 2).sum()
loss.backward()
print(w.grad)
