# turns: 2
# graphs: 1
# passes: 2
# names: generator.weight generator.bias discriminator.0.weight discriminator.2.bias real
# updates: generator.weight generator.bias discriminator.0.weight discriminator.0.bias discriminator.2.weight
import torch
from torch import nn

torch.manual_seed(0)
generator = nn.Linear(2, 2)
discriminator = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer_g = torch.optim.SGD(generator.parameters(), lr=0.1)
optimizer_d = torch.optim.SGD(discriminator.parameters(), lr=0.1)
for real in torch.randn(2, 4, 2):
    fake = generator(torch.randn(4, 2)).detach()
    samples = torch.cat((real, fake))
    labels = torch.cat((torch.ones(4, 1), torch.zeros(4, 1)))
    discriminator.zero_grad()
    loss_d = criterion(discriminator(samples), labels)
    loss_d.backward()
    optimizer_d.step()
    generator.zero_grad()
    generated = generator(torch.randn(4, 2))
    loss_g = criterion(discriminator(generated), torch.ones(4, 1))
    loss_g.backward()
    optimizer_g.step()
