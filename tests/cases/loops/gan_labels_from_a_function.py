# turns: 4
# graphs: 1
# passes: 3
# names: G.0.weight G.0.bias D.0.weight D.0.bias images
# updates: G.0.weight G.0.bias D.0.weight D.0.bias
# loops: epoch=2 batch=2
import torch
from torch import nn
from torch.utils.data import DataLoader

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
D = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
loss = nn.BCELoss()
d_optimizer = torch.optim.Adam(D.parameters(), lr=0.01)
g_optimizer = torch.optim.Adam(G.parameters(), lr=0.01)


def real_labels(size):
    return torch.ones(size, 1)


def fake_labels(size):
    return torch.zeros(size, 1)


def train_discriminator(real, fake):
    d_optimizer.zero_grad()
    error_real = loss(D(real), real_labels(real.size(0)))
    error_real.backward()
    error_fake = loss(D(fake), fake_labels(real.size(0)))
    error_fake.backward()
    d_optimizer.step()
    return error_real + error_fake


def train_generator(fake):
    g_optimizer.zero_grad()
    error = loss(D(fake), real_labels(fake.size(0)))
    error.backward()
    g_optimizer.step()
    return error


for epoch in range(2):
    for images in DataLoader(torch.randn(4, 2), batch_size=2):
        d_error = train_discriminator(images, G(torch.randn(2, 2)).detach())
        g_error = train_generator(G(torch.randn(2, 2)))
