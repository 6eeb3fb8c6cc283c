import torch
from torch import nn

torch.manual_seed(0)

# a wave to learn, in batches of eight points
x = torch.linspace(-3, 3, 64).reshape(-1, 1)
y = torch.sin(2 * x)

net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.02)

for iteration in range(500):
    batch = torch.randint(0, 64, (8,))
    loss = nn.functional.mse_loss(net(x[batch]), y[batch])

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

print(f"loss at the end {loss.item():.4f}")
