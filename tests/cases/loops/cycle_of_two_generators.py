# turns: 3
# graphs: 1
# passes: 3
# names: G_AB.weight G_BA.weight D_A.weight D_B.weight a b
# updates: G_AB.weight G_BA.weight D_A.weight D_B.weight
import itertools, torch
from torch import nn
torch.manual_seed(0)
G_AB, G_BA = nn.Linear(2, 2), nn.Linear(2, 2)
D_A, D_B = nn.Linear(2, 1), nn.Linear(2, 1)
opt_G = torch.optim.Adam(itertools.chain(G_AB.parameters(), G_BA.parameters()), lr=0.01)
opt_DA, opt_DB = torch.optim.Adam(D_A.parameters(), lr=0.01), torch.optim.Adam(D_B.parameters(), lr=0.01)
mse, l1 = nn.MSELoss(), nn.L1Loss()
for i, (a, b) in enumerate(zip(torch.randn(6, 2).split(2), torch.randn(6, 2).split(2))):
    valid, fake = torch.ones(2, 1), torch.zeros(2, 1)
    opt_G.zero_grad()
    fake_b, fake_a = G_AB(a), G_BA(b)
    loss_gan = (mse(D_B(fake_b), valid) + mse(D_A(fake_a), valid)) / 2
    loss_cycle = (l1(G_BA(fake_b), a) + l1(G_AB(fake_a), b)) / 2
    loss_G = loss_gan + 10.0 * loss_cycle
    loss_G.backward(); opt_G.step()
    opt_DA.zero_grad()
    loss_DA = (mse(D_A(a), valid) + mse(D_A(fake_a.detach()), fake)) / 2
    loss_DA.backward(); opt_DA.step()
    opt_DB.zero_grad()
    loss_DB = (mse(D_B(b), valid) + mse(D_B(fake_b.detach()), fake)) / 2
    loss_DB.backward(); opt_DB.step()
