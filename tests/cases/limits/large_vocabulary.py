# cut: no
# turns: 10
import torch
from torch import nn

torch.manual_seed(11)
words, out = nn.Embedding(5000, 24), nn.Linear(24, 5000)
optimizer = torch.optim.SGD([*words.parameters(), *out.parameters()], lr=0.1, momentum=0.5)
text = torch.randint(0, 5000, (10, 9))
for line in text:
    loss = nn.functional.cross_entropy(out(words(line[:-1])), line[1:])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
