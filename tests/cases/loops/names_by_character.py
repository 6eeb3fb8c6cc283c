# turns: 3
# graphs: 1
# names: rnn.i2h.weight rnn.i2h.bias rnn.h2o.weight
# updates: rnn.i2h.weight rnn.h2o.bias
import torch
from torch import nn


class RNN(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.i2h = nn.Linear(n_in + n_hidden, n_hidden)
        self.h2o = nn.Linear(n_hidden, n_out)
        self.n_hidden = n_hidden

    def forward(self, input, hidden):
        hidden = torch.tanh(self.i2h(torch.cat((input, hidden), 1)))
        return torch.log_softmax(self.h2o(hidden), dim=1), hidden

    def init_hidden(self):
        return torch.zeros(1, self.n_hidden)


def train(category_tensor, line_tensor):
    hidden = rnn.init_hidden()
    rnn.zero_grad()
    for i in range(line_tensor.size(0)):
        output, hidden = rnn(line_tensor[i], hidden)
    loss = nn.functional.nll_loss(output, category_tensor)
    loss.backward()
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-0.05)
    return loss.item()


torch.manual_seed(0)
rnn = RNN(3, 4, 2)
lines = {"abc": 0, "bca": 1, "aab": 0}
for name, category in lines.items():
    line = torch.zeros(len(name), 1, 3)
    for i, letter in enumerate(name):
        line[i][0]["abc".index(letter)] = 1
    print(name, train(torch.tensor([category]), line))
