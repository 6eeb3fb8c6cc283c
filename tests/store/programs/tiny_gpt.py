"""A tiny GPT, two layers of four heads, that learns one sentence."""

import torch
from torch import nn
from torch.nn import functional as F

TEXT = "the gradient flows back to every weight that made the loss."
LETTERS = sorted(set(TEXT))
CONTEXT, EMBEDDING, HEADS, LAYERS = 16, 32, 4, 2
tokens = torch.tensor([LETTERS.index(letter) for letter in TEXT])


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(EMBEDDING, 3 * EMBEDDING, bias=False)
        self.out = nn.Linear(EMBEDDING, EMBEDDING)
        self.register_buffer("mask", torch.tril(torch.ones(CONTEXT, CONTEXT)))

    def forward(self, x):
        batch, length, _ = x.shape
        q, k, v = (
            part.view(batch, length, HEADS, EMBEDDING // HEADS).transpose(1, 2)
            for part in self.qkv(x).split(EMBEDDING, dim=2)
        )
        scores = q @ k.transpose(-2, -1) / (EMBEDDING // HEADS) ** 0.5
        scores = scores.masked_fill(self.mask[:length, :length] == 0, float("-inf"))
        mixed = scores.softmax(dim=-1) @ v
        return self.out(mixed.transpose(1, 2).reshape(batch, length, EMBEDDING))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.before_attention = nn.LayerNorm(EMBEDDING)
        self.attention = Attention()
        self.before_mlp = nn.LayerNorm(EMBEDDING)
        self.mlp = nn.Sequential(nn.Linear(EMBEDDING, 4 * EMBEDDING), nn.GELU(), nn.Linear(4 * EMBEDDING, EMBEDDING))

    def forward(self, x):
        x = x + self.attention(self.before_attention(x))
        return x + self.mlp(self.before_mlp(x))


class TinyGPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(len(LETTERS), EMBEDDING)
        self.position = nn.Embedding(CONTEXT, EMBEDDING)
        self.dropout = nn.Dropout(0.1)
        self.blocks = nn.Sequential(*(Block() for _ in range(LAYERS)))
        self.norm = nn.LayerNorm(EMBEDDING)
        self.head = nn.Linear(EMBEDDING, len(LETTERS), bias=False)

    def forward(self, ids):
        x = self.dropout(self.token(ids) + self.position(torch.arange(ids.shape[1])))
        return self.head(self.norm(self.blocks(x)))


model = TinyGPT()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
for iteration in range(5):
    starts = torch.randint(0, len(tokens) - CONTEXT, (4,))
    x = torch.stack([tokens[i : i + CONTEXT] for i in starts])
    y = torch.stack([tokens[i + 1 : i + CONTEXT + 1] for i in starts])
    loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"iteration {iteration}: loss {loss.item():.3f}")
