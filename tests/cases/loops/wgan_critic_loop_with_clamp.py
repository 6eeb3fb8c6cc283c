# turns: 2
# graphs: 1
# passes: 3
# names: generator.weight generator.bias critic.weight critic.bias
# updates: generator.weight critic.weight
import torch
from torch import nn

torch.manual_seed(0)
generator, critic = nn.Linear(2, 2), nn.Linear(2, 1)
optimizer_G = torch.optim.RMSprop(generator.parameters(), lr=0.05)
optimizer_C = torch.optim.RMSprop(critic.parameters(), lr=0.05)
for step in range(2):
    for _ in range(2):
        real = torch.randn(4, 2) + 2
        fake = generator(torch.randn(4, 2)).detach()
        loss_C = critic(fake).mean() - critic(real).mean()
        optimizer_C.zero_grad()
        loss_C.backward()
        optimizer_C.step()
        for p in critic.parameters():
            p.data.clamp_(-0.1, 0.1)
    loss_G = -critic(generator(torch.randn(4, 2))).mean()
    optimizer_G.zero_grad()
    loss_G.backward()
    optimizer_G.step()
    print(step, loss_C.item(), loss_G.item())
