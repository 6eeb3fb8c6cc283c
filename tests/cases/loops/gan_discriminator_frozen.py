# turns: 3
# graphs: 1
# passes: 2
# names: generator.weight generator.bias discriminator.weight discriminator.bias real noise
# updates: generator.weight generator.bias discriminator.weight discriminator.bias
import torch
from torch import nn

torch.manual_seed(0)
generator, discriminator = nn.Linear(2, 2), nn.Linear(2, 1)
optimizer_g = torch.optim.Adam(generator.parameters(), lr=0.01)
optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=0.01)
data = torch.randn(12, 2)


def set_requires_grad(net, value):
    for p in net.parameters():
        p.requires_grad = value


for step in range(3):
    real, noise = data[4 * step : 4 * step + 4], torch.randn(4, 2)
    fake = generator(noise)
    set_requires_grad(discriminator, True)
    optimizer_d.zero_grad()
    loss_d = torch.relu(1 - discriminator(real)).mean() + torch.relu(1 + discriminator(fake.detach())).mean()
    loss_d.backward()
    optimizer_d.step()
    set_requires_grad(discriminator, False)
    optimizer_g.zero_grad()
    loss_g = -discriminator(fake).mean()
    loss_g.backward()
    optimizer_g.step()
