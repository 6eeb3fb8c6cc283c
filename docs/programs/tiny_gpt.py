import math

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)

text = "to learn is to see"
letters = sorted(set(text))
ids = torch.tensor([letters.index(letter) for letter in text])
x, y = ids[:-1][:8], ids[1:][:8]  # each letter is to predict the next

emb, heads, layers = 8, 2, 2


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(emb, 3 * emb, bias=False)
        self.out = nn.Linear(emb, emb)

    def forward(self, x):
        time = x.shape[0]
        q, k, v = self.qkv(x).view(time, 3, heads, emb // heads).permute(1, 2, 0, 3)
        scores = q @ k.transpose(-2, -1) / math.sqrt(emb // heads)
        later = torch.ones(time, time).triu(1).bool()
        weights = torch.softmax(scores.masked_fill(later, -math.inf), dim=-1)
        mixed = weights @ v
        return self.out(mixed.transpose(0, 1).reshape(time, emb))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(emb), nn.LayerNorm(emb)
        self.attention = Attention()
        self.feed = nn.Sequential(nn.Linear(emb, 4 * emb), nn.GELU(), nn.Linear(4 * emb, emb))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.feed(self.norm2(x))


class TinyGPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(len(letters), emb)
        self.position = nn.Embedding(8, emb)
        self.blocks = nn.Sequential(*[Block() for _ in range(layers)])
        self.norm = nn.LayerNorm(emb)
        self.head = nn.Linear(emb, len(letters), bias=False)

    def forward(self, x):
        h = self.token(x) + self.position(torch.arange(len(x)))
        return self.head(self.norm(self.blocks(h)))


gpt = TinyGPT()
logits = gpt(x)
loss = F.cross_entropy(logits, y)
loss.backward()
print(f"loss {loss.item():.4f}")
