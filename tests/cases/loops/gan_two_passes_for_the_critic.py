# turns: 2
# graphs: 1
# passes: 3
# names: netG.weight netG.bias netD.0.weight netD.0.bias
# updates: netG.weight netG.bias netD.0.weight netD.0.bias
import torch
from torch import nn


def train_discriminator(optimizer, real_data, fake_data):
    optimizer.zero_grad()
    error_real = loss(netD(real_data), torch.ones(real_data.size(0), 1))
    error_real.backward()
    error_fake = loss(netD(fake_data), torch.zeros(fake_data.size(0), 1))
    error_fake.backward()
    optimizer.step()
    return error_real + error_fake


def train_generator(optimizer, fake_data):
    optimizer.zero_grad()
    error = loss(netD(fake_data), torch.ones(fake_data.size(0), 1))
    error.backward()
    optimizer.step()
    return error


torch.manual_seed(0)
netG, netD = nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
d_optimizer, g_optimizer = torch.optim.Adam(netD.parameters()), torch.optim.Adam(netG.parameters())
loss = nn.BCELoss()
for real_batch in torch.randn(4, 2).split(2):
    fake_data = netG(torch.randn(2, 2)).detach()
    d_error = train_discriminator(d_optimizer, real_batch, fake_data)
    g_error = train_generator(g_optimizer, netG(torch.randn(2, 2)))
    print(d_error.item(), g_error.item())
