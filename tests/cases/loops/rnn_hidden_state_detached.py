# turns: 4
# graphs: 1
# names: rnn.weight_ih_l0 rnn.weight_hh_l0 linear.weight linear.bias hidden_prev
# updates: rnn.weight_ih_l0 linear.weight
import torch
from torch import nn

torch.manual_seed(0)
rnn, linear = nn.RNN(1, 3, batch_first=True), nn.Linear(3, 1)
optimizer = torch.optim.Adam([*rnn.parameters(), *linear.parameters()], lr=0.01)
series = torch.sin(torch.linspace(0, 6, 13))
hidden_prev = torch.zeros(1, 1, 3)
for i in range(4):
    x = series[3 * i : 3 * i + 3].view(1, 3, 1)
    y = series[3 * i + 1 : 3 * i + 4].view(1, 3, 1)
    out, hidden_prev = rnn(x, hidden_prev)
    hidden_prev = hidden_prev.detach()
    loss = nn.functional.mse_loss(linear(out), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
