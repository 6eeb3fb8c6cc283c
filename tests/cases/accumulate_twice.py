import torch

w = torch.tensor(2.0, requires_grad=True)
loss = w * 3
loss.backward(retain_graph=True)
loss.backward()
print(w.grad)
