import torch
from torch import nn

torch.manual_seed(0)
maker, judge = nn.Linear(2, 2), nn.Linear(2, 1)
makes, judges = (torch.optim.SGD(n.parameters(), lr=0.05) for n in (maker, judge))
bce = nn.functional.binary_cross_entropy_with_logits
for step in range(3):
    real = torch.randn(4, 2) + 2
    fake = maker(torch.randn(4, 2))
    judges.zero_grad()
    (bce(judge(real), torch.ones(4, 1)) + bce(judge(fake.detach()), torch.zeros(4, 1))).backward()
    judges.step()
    makes.zero_grad()
    bce(judge(fake), torch.ones(4, 1)).backward()
    makes.step()
