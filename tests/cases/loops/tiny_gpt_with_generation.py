# turns: 2
# graphs: 1
# names: model.wte.weight model.wpe.weight model.mlp.weight model.ln.weight idx
# updates: model.wte.weight model.wpe.weight
# evaluations: 1 or 2
import torch
import torch.nn as nn
from torch.nn import functional as F


class GPT(nn.Module):
    def __init__(self, vocab, width, context):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocab, width), nn.Embedding(context, width)
        self.ln, self.mlp = nn.LayerNorm(width), nn.Linear(width, width)

    def forward(self, idx, targets=None):
        x = self.wte(idx) + self.wpe(torch.arange(idx.size(1)))
        weights = (x @ x.mT / x.size(-1) ** 0.5).tril().softmax(-1)
        x = x + F.gelu(self.mlp(self.ln(weights @ x)))
        logits = x @ self.wte.weight.T
        return logits, None if targets is None else F.cross_entropy(logits.flatten(0, 1), targets.flatten())

    @torch.no_grad()
    def generate(self, idx, new):
        for _ in range(new):
            logits, _ = self(idx[:, -3:])
            idx = torch.cat((idx, logits[:, -1].argmax(-1, keepdim=True)), dim=1)
        return idx


torch.manual_seed(0)
model = GPT(4, 4, 3)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
idx, targets = torch.tensor([[0, 1, 2]]), torch.tensor([[1, 2, 3]])
for step in range(2):
    logits, loss = model(idx, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(model.generate(torch.tensor([[0]]), 2).tolist())
