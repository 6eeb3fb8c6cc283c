# turns: 4
# graphs: 1
# names: model.table.weight data
# updates: model.table.weight
# evaluations: 2 or 4
import torch
import torch.nn as nn
from torch.nn import functional as F

torch.manual_seed(1337)
data = torch.tensor([0, 2, 1, 3, 0, 1, 2, 2, 3, 1, 0, 3])


def get_batch():
    ix = torch.randint(len(data) - 3, (2,))
    x = torch.stack([data[i : i + 3] for i in ix])
    y = torch.stack([data[i + 1 : i + 4] for i in ix])
    return x, y


class BigramLanguageModel(nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.table = nn.Embedding(vocab_size, vocab_size)

    def forward(self, idx, targets):
        logits = self.table(idx)
        return F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1))


@torch.no_grad()
def estimate_loss():
    model.eval()
    losses = torch.zeros(2)
    for k in range(2):
        X, Y = get_batch()
        losses[k] = model(X, Y).item()
    model.train()
    return losses.mean()


model = BigramLanguageModel(4)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
for iter in range(4):
    if iter % 2 == 0:
        print(iter, f"{estimate_loss():.4f}")
    xb, yb = get_batch()
    loss = model(xb, yb)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
