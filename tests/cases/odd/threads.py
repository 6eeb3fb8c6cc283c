import torch

threads = torch.get_num_threads()
torch.set_num_threads(2)
x = torch.randn(50, 50, requires_grad=True)
(x @ x).sum().backward()
print(x.grad.shape, torch.get_num_threads())
torch.set_num_threads(threads)
