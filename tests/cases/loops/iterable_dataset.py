# turns: 3
# graphs: 1
# names: net.weight net.bias inputs targets
# updates: net.weight net.bias
import torch
from torch import nn
from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __iter__(self):
        for k in range(6):
            yield torch.tensor([float(k), 1.0]), torch.tensor([2.0 * k])


torch.manual_seed(0)
net = nn.Linear(2, 1)
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
for inputs, targets in DataLoader(Stream(), batch_size=2):
    loss = nn.functional.huber_loss(net(inputs), targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
