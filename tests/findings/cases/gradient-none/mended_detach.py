import torch
from torch import nn

torch.manual_seed(0)
encoder = nn.Linear(3, 4)
decoder = nn.Linear(4, 1)
optimizer = torch.optim.SGD([*encoder.parameters(), *decoder.parameters()], lr=0.1)
x, y = torch.randn(8, 3), torch.randn(8, 1)

for step in range(3):
    code = torch.tanh(encoder(x))
    loss = nn.functional.mse_loss(decoder(code), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(encoder.weight.grad)
