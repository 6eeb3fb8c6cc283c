import torch
from torch import distributions as D

mu = torch.zeros(2, requires_grad=True)
ls = torch.zeros(2, requires_grad=True)
q = D.Normal(mu, ls.exp())
z = q.rsample()
loss = D.kl_divergence(q, D.Normal(torch.zeros(2), torch.ones(2))).sum() - D.Normal(z, 1.0).log_prob(torch.ones(2)).sum()
loss.backward()
print(mu.grad, ls.grad)
c = D.Categorical(logits=mu)
print(c.sample(), c.entropy())
