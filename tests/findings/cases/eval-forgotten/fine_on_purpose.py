import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
x, y = torch.randn(8, 3), torch.randn(8, 1)
for step in range(2):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
net.eval()
with torch.no_grad():
    print(nn.functional.mse_loss(net(x), y))
net.train()  # on purpose: the spread of several samples says how sure the network is
with torch.no_grad():
    samples = torch.stack([net(x) for _ in range(5)])
print(samples.std(dim=0))
