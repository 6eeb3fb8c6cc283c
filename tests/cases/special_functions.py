import torch

x = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)
a = torch.special.expit(x)
b = torch.lgamma(x) + torch.special.erf(x)
c = torch.special.xlog1py(x, x)
d = torch.special.logit(a, eps=1e-6)
loss = torch.logsumexp(a + b + c + d, dim=0)
loss.backward()
print(x.grad)
