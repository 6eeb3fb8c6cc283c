# turns: 3
# graphs: 1
# names: encoder.weight encoder.bias anchors
# updates: encoder.weight
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
encoder = nn.Linear(3, 2)
optimizer = torch.optim.Adam(encoder.parameters(), lr=0.05)
anchors = torch.randn(4, 3)
for step in range(3):
    noisy = anchors + 0.1 * torch.randn_like(anchors)
    z1, z2 = F.normalize(encoder(anchors), dim=1), F.normalize(encoder(noisy), dim=1)
    similarity = z1 @ z2.T / 0.5
    labels = torch.arange(4)
    loss = (F.cross_entropy(similarity, labels) + F.cross_entropy(similarity.T, labels)) / 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
