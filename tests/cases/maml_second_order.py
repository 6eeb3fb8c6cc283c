import torch

w = torch.tensor([2.0, 1.0], requires_grad=True)
inner = (w ** 3).sum()
(g,) = torch.autograd.grad(inner, w, create_graph=True)
fast = w - 0.1 * g
loss = (fast ** 2).sum()
loss.backward()
print(w.grad)
