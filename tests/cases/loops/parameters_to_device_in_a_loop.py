# turns: 2
# graphs: 1
# names: embedding.weight head.weight head.bias tokens labels
# updates: embedding.weight head.weight
# edges: linear 3
import torch
from torch import nn

torch.manual_seed(0)
device = torch.device("cpu")
embedding, head = nn.Embedding(5, 2), nn.Linear(2, 3)
for module in (embedding, head):
    module.to(device).float()
tokens, labels = torch.tensor([0, 3, 4]).to(device), torch.tensor([2, 0, 1]).to(device)
parameters = [*embedding.parameters(), *head.parameters()]
optimizer = torch.optim.SGD(parameters, lr=0.5)
for step in range(2):
    logits = head(embedding(tokens))
    loss = nn.functional.cross_entropy(logits, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
