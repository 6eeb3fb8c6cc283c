import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
w.grad = torch.tensor([10.0, -10.0])
optimizer.step()
loss = (w**2).sum()
loss.backward()
w.grad *= 0.5
w.grad[0] = 0
optimizer.step()
print(w, w.grad)
