import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(3)

# only the first of twelve numbers says something about y; ten examples, and a thousand to test with
x = torch.randn(10, 12)
y = x[:, :1] + 0.5 * torch.randn(10, 1)
test_x = torch.randn(1000, 12)
test_y = test_x[:, :1] + 0.5 * torch.randn(1000, 1)

drop = nn.Dropout(0.5)
layer = nn.Linear(12, 1)
net = nn.Sequential(drop, layer)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

for step in range(60):
    net.train()
    loss = F.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

net.eval()
with torch.no_grad():
    print(f'seen:   {F.mse_loss(net(x), y).item():.3f}')
    print(f'unseen: {F.mse_loss(net(test_x), test_y).item():.3f}')
