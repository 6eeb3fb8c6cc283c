import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(5, 4)
        self.encoder = nn.Linear(4, 2, bias=False)
        self.out = nn.Linear(4, 5, bias=False)
        self.out.weight = self.embed.weight

    def forward(self, tokens):
        h = self.encoder(self.embed(tokens))
        h = nn.functional.linear(h, self.encoder.weight.t())
        return self.out(h)


torch.manual_seed(0)
model = Autoencoder()
tokens = torch.tensor([0, 3, 3, 1])
loss = nn.functional.cross_entropy(model(tokens), tokens)
loss.backward()
print(len(list(model.parameters())), model.embed.weight.grad)
