import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.manual_seed(0)
lstm = nn.LSTM(2, 3)
sequences = [torch.randn(4, 2), torch.randn(2, 2)]
padded = pad_sequence(sequences)
packed = pack_padded_sequence(padded, lengths=[4, 2])
out, (h, c) = lstm(packed)
unpacked, lengths = pad_packed_sequence(out)
loss = unpacked.sum() + (h * c).sum()
loss.backward()
print(lengths, unpacked.shape)
