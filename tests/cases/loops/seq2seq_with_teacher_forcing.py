# turns: 2
# graphs: 1
# names: encoder.weight_ih_l0 decoder.weight_ih embedding.weight out.weight source
# updates: encoder.weight_ih_l0 decoder.weight_hh embedding.weight out.bias
import torch
from torch import nn


def train(source, target):
    for optimizer in optimizers:
        optimizer.zero_grad()
    _, hidden = encoder(embedding(source).unsqueeze(0))
    hidden, loss = hidden[0], 0
    token = torch.tensor([0])
    for i in range(len(target)):
        hidden = decoder(embedding(token), hidden)
        loss += nn.functional.cross_entropy(out(hidden), target[i : i + 1])
        token = target[i : i + 1]
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
    return loss.item() / len(target)


torch.manual_seed(0)
embedding, encoder, decoder = nn.Embedding(4, 2), nn.GRU(2, 3, batch_first=True), nn.GRUCell(2, 3)
out = nn.Linear(3, 4)
optimizers = [torch.optim.SGD([*embedding.parameters(), *encoder.parameters()], lr=0.1)]
optimizers.append(torch.optim.SGD([*decoder.parameters(), *out.parameters()], lr=0.1))
source, target = torch.tensor([1, 2, 3]), torch.tensor([3, 2])
for iteration in range(2):
    print(train(source, target))
