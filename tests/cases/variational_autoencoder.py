import torch
from torch import nn
from torch.distributions import Normal, kl_divergence


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(4, 4)
        self.decoder = nn.Linear(2, 4)

    def forward(self, x):
        mean, log_scale = self.encoder(x).chunk(2, dim=-1)
        q = Normal(mean, log_scale.exp())
        z = q.rsample()
        return self.decoder(z), kl_divergence(q, Normal(0.0, 1.0)).sum(-1)


torch.manual_seed(0)
vae = VAE()
x = torch.randn(3, 4)
reconstruction, kl = vae(x)
loss = ((reconstruction - x) ** 2).sum(-1).mean() + kl.mean()
loss.backward()
print(loss.item())
