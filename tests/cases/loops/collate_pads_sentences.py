# turns: 2
# graphs: 1 or 2
# names: embedding.weight fc.weight padded labels
# updates: embedding.weight fc.weight
import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

sentences = [([1, 2, 3], 0), ([2, 3], 1), ([3], 1), ([1, 1, 2, 3], 0)]


def collate(batch):
    tokens = [torch.tensor(t) for t, _ in batch]
    return pad_sequence(tokens, batch_first=True), torch.tensor([label for _, label in batch])


torch.manual_seed(0)
embedding, fc = nn.Embedding(4, 2, padding_idx=0), nn.Linear(2, 2)
optimizer = torch.optim.Adagrad([*embedding.parameters(), *fc.parameters()], lr=0.1)
for padded, labels in DataLoader(sentences, batch_size=2, collate_fn=collate):
    logits = fc(embedding(padded).mean(dim=1))
    loss = nn.functional.cross_entropy(logits, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
