import math

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)

text = 'the cat sat on the mat .'
tokens = text.split()
vocabulary = sorted(set(tokens))
ids = torch.tensor([vocabulary.index(token) for token in tokens])

context, emb, heads = 6, 8, 2


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(emb, emb, bias=False)
        self.key = nn.Linear(emb, emb, bias=False)
        self.value = nn.Linear(emb, emb, bias=False)
        self.out = nn.Linear(emb, emb)

    def forward(self, x):
        q = self.query(x).view(context, heads, -1).transpose(0, 1)
        k = self.key(x).view(context, heads, -1).transpose(0, 1)
        v = self.value(x).view(context, heads, -1).transpose(0, 1)
        scores = q @ k.transpose(1, 2) / math.sqrt(emb // heads)
        later = torch.ones(context, context).triu(1).bool()
        weights = torch.softmax(scores.masked_fill(later, -math.inf), dim=-1)
        mixed = weights @ v
        return self.out(mixed.transpose(0, 1).reshape(context, emb))


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
        return self.token(x) + self.position(torch.arange(context))


embed, block = Embedding(), Block()
head = nn.Sequential(nn.LayerNorm(emb), nn.Linear(emb, len(vocabulary), bias=False))

x = ids[:-1]
y = ids[1:]  # each token is to predict the next one
logits = head(block(embed(x)))
loss = F.cross_entropy(logits, y)
loss.backward()

print(f'loss {loss.item():.3f}, guessing gives {math.log(len(vocabulary)):.3f}')
