# turns: 3
# graphs: 1 or 2
# names: encoder.weight lstm.weight_ih_l0 decoder.weight
# updates: encoder.weight lstm.weight_hh_l0 decoder.bias
import torch
from torch import nn


def repackage_hidden(h):
    if isinstance(h, torch.Tensor):
        return h.detach()
    return tuple(repackage_hidden(v) for v in h)


torch.manual_seed(0)
encoder, lstm, decoder = nn.Embedding(5, 2), nn.LSTM(2, 3), nn.Linear(3, 5)
parameters = [*encoder.parameters(), *lstm.parameters(), *decoder.parameters()]
corpus = torch.randint(0, 5, (7, 2))
hidden = (torch.zeros(1, 2, 3), torch.zeros(1, 2, 3))
for i in range(0, 6, 2):
    data, targets = corpus[i : i + 2], corpus[i + 1 : i + 3].view(-1)
    for p in parameters:
        p.grad = None
    hidden = repackage_hidden(hidden)
    output, hidden = lstm(encoder(data), hidden)
    loss = nn.functional.cross_entropy(decoder(output).view(-1, 5), targets)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 0.25)
    for p in parameters:
        p.data.add_(p.grad, alpha=-0.5)
