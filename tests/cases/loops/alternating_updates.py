# turns: 4
# graphs: 1
# names: U V R
import torch

torch.manual_seed(0)
R = torch.rand(3, 3)
U, V = torch.rand(3, 1, requires_grad=True), torch.rand(1, 3, requires_grad=True)
optimizer_u, optimizer_v = torch.optim.SGD([U], lr=0.2), torch.optim.SGD([V], lr=0.2)
for step in range(4):
    loss = (U @ V - R).pow(2).mean()
    optimizer_u.zero_grad()
    optimizer_v.zero_grad()
    loss.backward()
    if step % 2 == 0:
        optimizer_u.step()
    else:
        optimizer_v.step()
