# cut: steps
# turns: 300
import torch
from torch import nn

torch.manual_seed(9)
torch.use_deterministic_algorithms(True)
torch.autograd.set_detect_anomaly(True, check_nan=False)
table = nn.Embedding(7, 3)
optimizer = torch.optim.Adagrad(table.parameters(), lr=0.1)
pairs = torch.tensor([[0, 1], [2, 3], [4, 5], [6, 0]])
for turn in range(300):
    a, b = table(pairs[:, 0]), table(pairs[:, 1])
    loss = (1 - nn.functional.cosine_similarity(a, b)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
