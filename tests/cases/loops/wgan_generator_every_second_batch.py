# turns: 4
# graphs: 2
# passes: 1 or 2
# names: D.weight D.bias
# updates: D.weight
import torch
from torch import nn

torch.manual_seed(0)
G, D = nn.Linear(1, 2), nn.Linear(2, 1)
optimizer_G = torch.optim.SGD(G.parameters(), lr=0.05)
optimizer_D = torch.optim.SGD(D.parameters(), lr=0.05)
n_critic = 2
batches = [torch.randn(3, 2) for _ in range(4)]
for i, imgs in enumerate(batches):
    optimizer_D.zero_grad()
    z = torch.randn(3, 1)
    fake_imgs = G(z).detach()
    loss_D = -torch.mean(D(imgs)) + torch.mean(D(fake_imgs))
    loss_D.backward()
    optimizer_D.step()
    if i % n_critic == 0:
        optimizer_G.zero_grad()
        gen_imgs = G(z)
        loss_G = -torch.mean(D(gen_imgs))
        loss_G.backward()
        optimizer_G.step()
