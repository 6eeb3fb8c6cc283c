import torch

torch.manual_seed(0)
x = torch.linspace(-1, 1, 5, dtype=torch.float64)
w = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
y = torch.sin(w * x) + x.double()
single = y.float()
loss = (single - 1).abs().sum()
loss.backward()
print(repr(w.grad.item()))
