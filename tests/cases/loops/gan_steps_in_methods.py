# turns: 4
# graphs: 1
# passes: 2
# names: gan.generator.weight gan.discriminator.weight
# updates: gan.generator.weight gan.discriminator.weight
# loops: epoch=2 batch=2
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class GAN:
    def __init__(self):
        self.generator, self.discriminator = nn.Linear(2, 2), nn.Linear(2, 1)
        self.opt_g = torch.optim.SGD(self.generator.parameters(), lr=0.1)
        self.opt_d = torch.optim.SGD(self.discriminator.parameters(), lr=0.1)
        self.bce = nn.BCEWithLogitsLoss()

    def score(self, images, truth):
        out = self.discriminator(images)
        return self.bce(out, torch.full_like(out, truth))

    def training_step(self, real):
        fake = self.generator(torch.randn(len(real), 2))
        self.update(self.opt_d, self.score(real, 1.0) + self.score(fake.detach(), 0.0))
        self.update(self.opt_g, self.score(fake, 1.0))

    def update(self, optimizer, loss):
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


torch.manual_seed(0)
gan = GAN()
loader = DataLoader(TensorDataset(torch.randn(4, 2)), batch_size=2)
for epoch in range(2):
    for (real,) in loader:
        gan.training_step(real)
