import torch
import warnings
from torch import nn
from torch.nn.utils import weight_norm, spectral_norm, remove_spectral_norm

warnings.simplefilter("ignore")
b = weight_norm(nn.Linear(3, 3))
c = spectral_norm(nn.Linear(3, 3))
net = nn.Sequential(b, c)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(2, 3)
for step in range(2):
    optimizer.zero_grad()
    loss = net(x).pow(2).sum()
    loss.backward()
    optimizer.step()
    print(loss.item())
net.eval()
print(net(x))
