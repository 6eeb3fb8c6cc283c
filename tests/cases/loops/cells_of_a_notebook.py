# turns: 5
# graphs: 1 or 2
# names: net.weight net.bias X_norm t
# updates: net.weight
# evaluations: 1
import torch
from torch import nn

torch.manual_seed(0)
# In [1]: look at the data
X = torch.tensor([[35.7], [55.9], [58.2], [81.9]])
t = torch.tensor([[0.5], [14.0], [15.0], [28.0]])
X.mean(), X.std()
# In [2]: normalise
X_norm = (X - X.mean()) / X.std()
# In [3]: the untrained model
net = nn.Linear(1, 1)
print(net(X_norm)[:2].detach())
# In [4]: train
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    loss = nn.functional.mse_loss(net(X_norm), t)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
# In [5]: train again
for epoch in range(2):
    loss = nn.functional.mse_loss(net(X_norm), t)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
# In [6]
print(net(X_norm).shape)
