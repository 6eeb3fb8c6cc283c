import torch
from torch import nn

net = nn.Linear(3, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(4, 3)
for step in range(2):
    opt.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = net(x).float().pow(2).mean()
    loss.backward()
    opt.step()
    print(loss.item())
scaler = torch.amp.GradScaler("cpu", enabled=False)
scaler.scale(net(x).sum()).backward()
print(net.weight.grad)
