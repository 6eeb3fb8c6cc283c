# turns: 2
# graphs: 1
# names: model.weight labeled target unlabeled
# updates: model.weight
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
first = DataLoader(TensorDataset(torch.randn(4, 2), torch.tensor([0, 1, 1, 0])), batch_size=2)
second = DataLoader(torch.randn(4, 2), batch_size=2)
model = nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for (labeled, target), unlabeled in zip(first, second):
    supervised = nn.functional.cross_entropy(model(labeled), target)
    p = model(unlabeled).softmax(dim=1)
    entropy = -(p * p.log()).sum(1).mean()
    loss = supervised + 0.1 * entropy
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
