import torch
from torch.autograd.functional import jacobian, hessian

w = torch.tensor([1.0, 2.0], requires_grad=True)
print(jacobian(lambda x: x ** 2, w, vectorize=True))
print(hessian(lambda x: (x ** 3).sum(), w, vectorize=True))
print(jacobian(lambda x: x ** 2, w, create_graph=True).sum())
print(jacobian(lambda x: x ** 2, w, strategy="forward-mode", vectorize=True))
