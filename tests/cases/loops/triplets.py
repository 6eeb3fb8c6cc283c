# turns: 2
# graphs: 1
# names: net.weight anchor positive negative
# updates: net.weight
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(2, 2, bias=False)
criterion = nn.TripletMarginLoss(margin=1.0)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
triplets = [tuple(torch.randn(2, 2) for _ in range(3)) for _ in range(2)]
for anchor, positive, negative in triplets:
    optimizer.zero_grad()
    loss = criterion(net(anchor), net(positive), net(negative))
    loss.backward()
    optimizer.step()
