# turns: 5
# graphs: 2
# names: body.weight body.bias x
# updates: body.weight
import torch
from torch import nn

torch.manual_seed(0)
body, decoder, head = nn.Linear(3, 2), nn.Linear(2, 3), nn.Linear(2, 2)
x, y = torch.randn(4, 3), torch.tensor([0, 1, 0, 1])
optimizer = torch.optim.Adam([*body.parameters(), *decoder.parameters()], lr=0.01)
for epoch in range(3):
    loss = nn.functional.mse_loss(decoder(torch.tanh(body(x))), x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
optimizer = torch.optim.Adam([*body.parameters(), *head.parameters()], lr=0.01)
for epoch in range(2):
    loss = nn.functional.cross_entropy(head(torch.tanh(body(x))), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
