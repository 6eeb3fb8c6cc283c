# turns: 4
# graphs: 1
# names: vae.enc.weight vae.mu.weight vae.logvar.bias vae.dec.weight x
# updates: vae.enc.weight vae.logvar.bias
# evaluations: 2
# loops: epoch=2 batch=2
import torch
import torch.nn.functional as F
from torch import nn


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc, self.mu, self.logvar, self.dec = nn.Linear(3, 4), nn.Linear(4, 2), nn.Linear(4, 2), nn.Linear(2, 3)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        return mu + torch.randn_like(std) * std

    def forward(self, x):
        h = torch.tanh(self.enc(x))
        mu, logvar = self.mu(h), self.logvar(h)
        return torch.sigmoid(self.dec(self.reparameterize(mu, logvar))), mu, logvar


torch.manual_seed(0)
vae = VAE()
optimizer = torch.optim.Adam(vae.parameters(), lr=0.01)
batches = [torch.rand(2, 3), torch.rand(2, 3)]
for epoch in range(2):
    vae.train()
    for x in batches:
        optimizer.zero_grad()
        recon, mu, logvar = vae(x)
        kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
        loss = F.binary_cross_entropy(recon, x, reduction="sum") + kld
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        sample = torch.sigmoid(vae.dec(torch.randn(1, 2)))
        print(epoch, sample.shape)
