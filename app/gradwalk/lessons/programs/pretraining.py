import math

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)

sentence = 'hello world'
letters = list(sentence)
vocabulary = sorted(set(letters))
ids = torch.tensor([vocabulary.index(letter) for letter in letters])
x = ids[:-1]
y = ids[1:]  # each letter is to predict the next one

context, emb, heads = len(x), 8, 2


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(emb, emb, bias=False)
        self.key = nn.Linear(emb, emb, bias=False)
        self.value = nn.Linear(emb, emb, bias=False)
        self.out = nn.Linear(emb, emb)

    def forward(self, x):
        q = self.query(x).view(len(x), heads, -1).transpose(0, 1)
        k = self.key(x).view(len(x), heads, -1).transpose(0, 1)
        v = self.value(x).view(len(x), heads, -1).transpose(0, 1)
        scores = q @ k.transpose(1, 2) / math.sqrt(emb // heads)
        later = torch.ones(len(x), len(x)).triu(1).bool()
        weights = torch.softmax(scores.masked_fill(later, -math.inf), dim=-1)
        mixed = weights @ v
        return self.out(mixed.transpose(0, 1).reshape(len(x), emb))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(emb), nn.LayerNorm(emb)
        self.attention = Attention()
        self.feed = nn.Sequential(nn.Linear(emb, 4 * emb), nn.GELU(), nn.Linear(4 * emb, emb))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.feed(self.norm2(x))


class Embedding(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(len(vocabulary), emb)
        self.position = nn.Embedding(context, emb)

    def forward(self, x):
        return self.token(x) + self.position(torch.arange(len(x)))


gpt = nn.Sequential(Embedding(), Block(), nn.LayerNorm(emb), nn.Linear(emb, len(vocabulary), bias=False))
optimizer = torch.optim.AdamW(gpt.parameters(), lr=0.03)

for iteration in range(30):
    logits = gpt(x)
    probabilities = torch.softmax(logits[-1], dim=-1)  # after the last letter
    loss = F.cross_entropy(logits, y)

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    if iteration % 10 == 0 or iteration == 29:
        print(f'iteration {iteration:2}: loss {loss.item():.3f}')

# write: begin with h, and put the likeliest letter behind, again and again
written = ids[:1]
with torch.no_grad():
    for _ in range(context):
        following = gpt(written)[-1].argmax()
        written = torch.cat([written, following.view(1)])
print(''.join(vocabulary[i] for i in written.tolist()))
