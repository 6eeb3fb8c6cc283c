import torch

a = torch.tensor([1.0, 2.0])
b = torch.tensor([3.0, 4.0])
total = torch.empty(2)
torch.add(a, b, out=total)
torch.mul(total, 2, out=total)
w = torch.tensor([1.0, -1.0], requires_grad=True)
loss = (w * total).sum()
loss.backward()
print(total, w.grad)
