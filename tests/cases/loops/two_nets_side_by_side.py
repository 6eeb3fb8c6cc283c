# turns: 3
# graphs: 1
# passes: 2
# names: plain.weight plain.bias wide.0.weight wide.1.bias x y
# updates: plain.weight wide.0.weight wide.1.bias
import torch
from torch import nn

torch.manual_seed(0)
plain, wide = nn.Linear(2, 1), nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
opt_plain = torch.optim.SGD(plain.parameters(), lr=0.1)
opt_wide = torch.optim.SGD(wide.parameters(), lr=0.1)
x, y = torch.randn(4, 2), torch.randn(4, 1)
for epoch in range(3):
    loss_plain = nn.functional.mse_loss(plain(x), y)
    opt_plain.zero_grad()
    loss_plain.backward()
    opt_plain.step()
    loss_wide = nn.functional.mse_loss(wide(x), y)
    opt_wide.zero_grad()
    loss_wide.backward()
    opt_wide.step()
