import torch

w = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
row = torch.tensor([10.0, 20.0], requires_grad=True)
grown = w * 2
same, wide = torch.broadcast_tensors(grown, row * 1)
loss = (same * wide).sum()
loss.backward()
print(w.grad, row.grad)
