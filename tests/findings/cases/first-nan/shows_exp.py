import torch

w = torch.tensor([1.0, 100.0], requires_grad=True)
e = torch.exp(w)
p = e / e.sum()
loss = -p[0].log()
loss.backward()
print(p, loss)
