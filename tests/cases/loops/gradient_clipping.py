# turns: 3
# graphs: 1
# names: net.0.weight net.2.bias x y
# updates: net.0.weight net.2.bias
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.GELU(), nn.Linear(4, 1))
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
x, y = torch.randn(4, 2) * 5, torch.randn(4, 1) * 5
for step in range(3):
    loss = nn.functional.mse_loss(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(net.parameters(), max_norm=1.0)
    optimizer.step()
    print(step, round(norm.item(), 3))
