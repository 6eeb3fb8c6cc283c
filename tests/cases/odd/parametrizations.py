import torch
from torch import nn
from torch.nn.utils import parametrize, parametrizations, prune, weight_norm, spectral_norm

class Symmetric(nn.Module):
    def forward(self, X):
        return X.triu() + X.triu(1).transpose(-1, -2)

a = nn.Linear(3, 3)
parametrize.register_parametrization(a, "weight", Symmetric())
b = parametrizations.weight_norm(nn.Linear(3, 3))
c = parametrizations.spectral_norm(nn.Linear(3, 3))
d = parametrizations.orthogonal(nn.Linear(3, 3))
e = nn.Linear(3, 3)
prune.l1_unstructured(e, "weight", amount=0.5)
net = nn.Sequential(a, b, c, d, e)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(2, 3)
for step in range(2):
    optimizer.zero_grad()
    loss = net(x).pow(2).sum()
    loss.backward()
    optimizer.step()
    print(loss.item())
prune.remove(e, "weight")
print(e.weight)
