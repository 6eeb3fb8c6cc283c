# turns: 3
# graphs: 1
# passes: 2
# names: disc.weight disc.bias gen.weight gen.bias
# updates: disc.weight gen.weight
import torch
from torch import nn

torch.manual_seed(0)
gen, disc = nn.Linear(3, 2), nn.Linear(2, 1)
gen_opt, disc_opt = torch.optim.Adam(gen.parameters(), lr=0.01), torch.optim.Adam(disc.parameters(), lr=0.01)
criterion = nn.BCEWithLogitsLoss()
for cur_step in range(3):
    real = torch.rand(4, 2)
    disc_opt.zero_grad()
    fake = gen(torch.randn(4, 3))
    disc_fake_pred = disc(fake.detach())
    disc_fake_loss = criterion(disc_fake_pred, torch.zeros_like(disc_fake_pred))
    disc_real_pred = disc(real)
    disc_real_loss = criterion(disc_real_pred, torch.ones_like(disc_real_pred))
    disc_loss = (disc_fake_loss + disc_real_loss) / 2
    disc_loss.backward(retain_graph=True)
    disc_opt.step()
    gen_opt.zero_grad()
    fake_2 = gen(torch.randn(4, 3))
    disc_fake_pred = disc(fake_2)
    gen_loss = criterion(disc_fake_pred, torch.ones_like(disc_fake_pred))
    gen_loss.backward()
    gen_opt.step()
