# turns: 2
# graphs: 1
# names: head.key.weight head.query.weight head.value.weight x target
# updates: head.key.weight head.query.weight head.value.weight
import torch
import torch.nn as nn
from torch.nn import functional as F


class Head(nn.Module):
    def __init__(self, n_embd, head_size, block_size):
        super().__init__()
        self.key = nn.Linear(n_embd, head_size, bias=False)
        self.query = nn.Linear(n_embd, head_size, bias=False)
        self.value = nn.Linear(n_embd, head_size, bias=False)
        self.register_buffer("tril", torch.tril(torch.ones(block_size, block_size)))

    def forward(self, x):
        B, T, C = x.shape
        k, q = self.key(x), self.query(x)
        wei = q @ k.transpose(-2, -1) * C**-0.5
        wei = wei.masked_fill(self.tril[:T, :T] == 0, float("-inf"))
        return F.softmax(wei, dim=-1) @ self.value(x)


torch.manual_seed(0)
head = Head(4, 2, 3)
x, target = torch.randn(1, 3, 4), torch.randn(1, 3, 2)
optimizer = torch.optim.AdamW(head.parameters(), lr=0.05)
for _ in range(2):
    loss = F.mse_loss(head(x), target)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
