# turns: 4
# graphs: 1
# passes: 2
# names: generator.0.weight generator.2.bias discriminator.weight discriminator.bias valid fake z imgs
# updates: generator.0.weight generator.2.bias discriminator.weight discriminator.bias
# loops: epoch=2 batch=2
import torch
from torch import nn

torch.manual_seed(0)
generator = nn.Sequential(nn.Linear(2, 3), nn.LeakyReLU(0.2), nn.Linear(3, 2))
discriminator = nn.Linear(2, 1)
adversarial_loss = nn.BCEWithLogitsLoss()
optimizer_G = torch.optim.Adam(generator.parameters(), lr=0.01)
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=0.01)
pictures = torch.randn(4, 2)
for epoch in range(2):
    for imgs in pictures.split(2):
        valid = torch.ones(imgs.size(0), 1, requires_grad=False)
        fake = torch.zeros(imgs.size(0), 1, requires_grad=False)
        optimizer_G.zero_grad()
        z = torch.randn(imgs.size(0), 2)
        gen_imgs = generator(z)
        g_loss = adversarial_loss(discriminator(gen_imgs), valid)
        g_loss.backward()
        optimizer_G.step()
        optimizer_D.zero_grad()
        real_loss = adversarial_loss(discriminator(imgs), valid)
        fake_loss = adversarial_loss(discriminator(gen_imgs.detach()), fake)
        d_loss = (real_loss + fake_loss) / 2
        d_loss.backward()
        optimizer_D.step()
