import torch

w1 = torch.tensor([[0.5, -0.2], [0.1, 0.3]], requires_grad=True)
w2 = torch.tensor([[1.0, 0.2], [-0.4, 0.7]], requires_grad=True)
h = torch.tensor([1.0, 2.0])
for i, w in enumerate([w1, w2]):
    h = torch.sigmoid(w @ h)
loss = h.sum()
loss.backward()
print(w1.grad, w2.grad)
