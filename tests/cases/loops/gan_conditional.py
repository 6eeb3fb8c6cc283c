# turns: 3
# graphs: 1
# passes: 2
# names: label_emb.weight gen.weight disc.weight valid gen_labels real_labels
# updates: label_emb.weight gen.weight disc.weight
import torch
from torch import nn

torch.manual_seed(0)
label_emb, gen, disc = nn.Embedding(2, 2), nn.Linear(4, 2), nn.Linear(4, 1)
optimizer_G = torch.optim.Adam([*gen.parameters(), *label_emb.parameters()], lr=0.01)
optimizer_D = torch.optim.Adam(disc.parameters(), lr=0.01)
loss = nn.MSELoss()
real_imgs, real_labels = torch.randn(3, 2), torch.tensor([0, 1, 1])
for i in range(3):
    valid, fake = torch.full((3, 1), 1.0), torch.full((3, 1), 0.0)
    optimizer_G.zero_grad()
    z = torch.randn(3, 2)
    gen_labels = torch.randint(0, 2, (3,))
    gen_imgs = gen(torch.cat((label_emb(gen_labels), z), -1))
    validity = disc(torch.cat((gen_imgs, label_emb(gen_labels)), -1))
    g_loss = loss(validity, valid)
    g_loss.backward()
    optimizer_G.step()
    optimizer_D.zero_grad()
    real_loss = loss(disc(torch.cat((real_imgs, label_emb(real_labels).detach()), -1)), valid)
    fake_loss = loss(disc(torch.cat((gen_imgs.detach(), label_emb(gen_labels).detach()), -1)), fake)
    d_loss = (real_loss + fake_loss) / 2
    d_loss.backward()
    optimizer_D.step()
