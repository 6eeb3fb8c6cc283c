# turns: 4
# graphs: 1
# names: encoder.0.weight projector.weight x
# updates: encoder.0.weight encoder.0.bias projector.weight projector.bias
# loops: epoch=2 x=2
import torch, torch.nn.functional as F
from torch import nn
torch.manual_seed(0)
encoder = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
projector = nn.Linear(8, 4)
opt = torch.optim.SGD([*encoder.parameters(), *projector.parameters()], lr=0.1)
def nt_xent(z1, z2, tau=0.5):
    z = F.normalize(torch.cat([z1, z2]), dim=1)
    sim = z @ z.T / tau
    sim.fill_diagonal_(-1e9)
    n = z1.size(0)
    labels = torch.cat([torch.arange(n) + n, torch.arange(n)])
    return F.cross_entropy(sim, labels)
for epoch in range(2):
    for x in torch.randn(8, 4).split(4):
        z1, z2 = (projector(encoder(x + 0.1 * torch.randn_like(x))) for _ in range(2))
        loss = nt_xent(z1, z2)
        opt.zero_grad(); loss.backward(); opt.step()
