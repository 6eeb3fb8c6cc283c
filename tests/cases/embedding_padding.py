import torch
from torch import nn

torch.manual_seed(0)
embedding = nn.Embedding(6, 3, padding_idx=0)
bag = nn.EmbeddingBag(6, 3, mode="mean")
tokens = torch.tensor([[1, 2, 0], [3, 0, 0]])
vectors = embedding(tokens)
mask = (tokens != 0).unsqueeze(-1)
mean = (vectors * mask).sum(1) / mask.sum(1)
loss = (mean * bag(tokens)).sum()
loss.backward()
print(embedding.weight.grad)
