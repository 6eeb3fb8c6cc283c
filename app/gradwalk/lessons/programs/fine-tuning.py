import math

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)

first, second = 'hello world', 'hello dolly'
vocabulary = sorted(set(first + second))
context, emb, heads = 10, 8, 2


def read(sentence):
    ids = torch.tensor([vocabulary.index(letter) for letter in sentence])
    return ids[:-1], ids[1:]


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
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
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


class LoRA(nn.Module):
    """A trained layer that stays as it is, and beside it two narrow matrices that learn."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(layer.in_features, 2) / layer.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(2, layer.out_features))

    def forward(self, x):
        return self.layer(x) + x @ self.down @ self.up


def train(gpt, sentence, rounds, lr):
    x, y = read(sentence)
    learning = [parameter for parameter in gpt.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=lr)
    losses = []
    for _ in range(rounds):
        loss = F.cross_entropy(gpt(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    count = sum(parameter.numel() for parameter in learning)
    print(f'{sentence}: {count} numbers learn, loss {losses[0]:.3f} to {losses[-1]:.3f}')


# pretraining: all of it learns
gpt = nn.Sequential(Embedding(), Block(), nn.LayerNorm(emb), nn.Linear(emb, len(vocabulary), bias=False))
train(gpt, first, 30, 0.03)

# fine-tuning: what was learned is frozen, and two layers get a LoRA
gpt.requires_grad_(False)
gpt[1].feed[2] = LoRA(gpt[1].feed[2])
gpt[3] = LoRA(gpt[3])
train(gpt, second, 30, 0.05)
