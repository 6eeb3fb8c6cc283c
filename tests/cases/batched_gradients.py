import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x.square() * x.sum()
(jacobian,) = torch.autograd.grad(y, x, grad_outputs=torch.eye(3), is_grads_batched=True)
print(jacobian)
