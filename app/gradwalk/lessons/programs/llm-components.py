import torch
import torch.nn.functional as F
from torch import nn

# GPT-2, the small one
config = {
    'vocab_size': 50257,     # tokens it knows
    'context_length': 1024,  # tokens it sees at once
    'emb_dim': 768,          # numbers per token
    'n_heads': 12,           # attention heads
    'n_layers': 12,          # blocks
    'drop_rate': 0.1,        # dropout
    'qkv_bias': False,       # bias in query, key, value
}


class Embedding(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.token = nn.Embedding(c['vocab_size'], c['emb_dim'])
        self.position = nn.Embedding(c['context_length'], c['emb_dim'])
        self.drop = nn.Dropout(c['drop_rate'])

    def forward(self, ids):
        places = torch.arange(len(ids), device=ids.device)
        return self.drop(self.token(ids) + self.position(places))


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        emb, bias = c['emb_dim'], c['qkv_bias']
        self.heads = c['n_heads']
        self.query = nn.Linear(emb, emb, bias=bias)
        self.key = nn.Linear(emb, emb, bias=bias)
        self.value = nn.Linear(emb, emb, bias=bias)
        self.out = nn.Linear(emb, emb)

    def forward(self, x):
        q = self.query(x).view(len(x), self.heads, -1).transpose(0, 1)
        k = self.key(x).view(len(x), self.heads, -1).transpose(0, 1)
        v = self.value(x).view(len(x), self.heads, -1).transpose(0, 1)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(mixed.transpose(0, 1).reshape(x.shape))


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        emb = c['emb_dim']
        hidden = 4 * emb
        self.norm1, self.norm2 = nn.LayerNorm(emb), nn.LayerNorm(emb)
        self.attention = Attention(c)
        self.feed = nn.Sequential(nn.Linear(emb, hidden), nn.GELU(), nn.Linear(hidden, emb))
        self.drop = nn.Dropout(c['drop_rate'])

    def forward(self, x):
        x = x + self.drop(self.attention(self.norm1(x)))
        return x + self.drop(self.feed(self.norm2(x)))


# on "meta" a tensor has a shape and a type, and no numbers: it takes no memory
with torch.device('meta'):
    ids = torch.empty(config['context_length'], dtype=torch.int64)
    embed = Embedding(config)
    blocks = nn.Sequential(*[Block(config) for _ in range(config['n_layers'])])
    norm = nn.LayerNorm(config['emb_dim'])
    head = nn.Linear(config['emb_dim'], config['vocab_size'], bias=False)

x = embed(ids)
x = blocks(x)
output = nn.Sequential(norm, head)
logits = output(x)


def line(name, *modules):
    count = size = 0
    for parameter in nn.ModuleList(modules).parameters():  # each of them once
        count += parameter.numel()
        size += parameter.numel() * parameter.element_size()
    print(f'{name:10}{count:12,}{size / 2**20:8.1f} MiB')


line('token', embed.token)
line('position', embed.position)
line('attention', *[block.attention for block in blocks])
line('feed', *[block.feed for block in blocks])
line('norms', norm, *[n for block in blocks for n in (block.norm1, block.norm2)])
line('head', head)
line('all', embed, blocks, norm, head)

# tied: the head uses the weights of the token embedding
head.weight = embed.token.weight
line('all, tied', embed, blocks, norm, head)
