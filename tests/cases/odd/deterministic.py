import torch

torch.use_deterministic_algorithms(True)
torch.set_default_dtype(torch.float64)
x = torch.randn(3, requires_grad=True)
(x[torch.tensor([0, 0, 1])] * 2).sum().backward()
print(x.grad)
torch.set_default_dtype(torch.float32)
torch.use_deterministic_algorithms(False)
