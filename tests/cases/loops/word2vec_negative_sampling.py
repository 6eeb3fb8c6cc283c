# turns: 4
# graphs: 1
# names: in_embed.weight out_embed.weight center context negatives
# updates: in_embed.weight out_embed.weight
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
words = "the cat sat on the mat".split()
vocab = {word: i for i, word in enumerate(dict.fromkeys(words))}
ids = [vocab[word] for word in words]
pairs = list(zip(ids, ids[1:]))[:4]
in_embed, out_embed = nn.Embedding(len(vocab), 3), nn.Embedding(len(vocab), 3)
optimizer = torch.optim.SGD([*in_embed.parameters(), *out_embed.parameters()], lr=0.1)
for c, o in pairs:
    center, context = torch.tensor([c]), torch.tensor([o])
    negatives = torch.randint(0, len(vocab), (1, 2))
    v = in_embed(center)
    positive = F.logsigmoid((v * out_embed(context)).sum(1))
    negative = F.logsigmoid(-torch.bmm(out_embed(negatives), v.unsqueeze(2)).squeeze(2)).sum(1)
    loss = -(positive + negative).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
