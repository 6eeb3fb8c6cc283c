import torch
import torch.nn.functional as F

torch.manual_seed(3)
x = torch.randn(4, 5)
w = torch.randn(5, 3, requires_grad=True)
b = torch.zeros(3, requires_grad=True)
logits = x @ w + b
loss = F.cross_entropy(logits, torch.tensor([0, 2, 1, 1]))
loss.backward()
print(loss, w.grad, b.grad)
