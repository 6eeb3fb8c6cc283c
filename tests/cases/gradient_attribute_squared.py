import torch
w = torch.randn(3, requires_grad=True)
loss = (w ** 3).sum()
loss.backward(create_graph=True)
pen = (w.grad ** 2).sum()
w.grad = None
pen.backward()
print(w.grad)
w.grad = None
