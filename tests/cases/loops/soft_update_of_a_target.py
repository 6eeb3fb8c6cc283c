# turns: 3
# graphs: 1
# names: critic.weight critic.bias target.weight target.bias s r s2
# updates: critic.weight critic.bias
import copy

import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Linear(2, 1)
target = copy.deepcopy(critic)
optimizer = torch.optim.SGD(critic.parameters(), lr=0.1)
tau = 0.05
s, r, s2 = torch.randn(4, 2), torch.randn(4, 1), torch.randn(4, 2)
for _ in range(3):
    with torch.no_grad():
        y = r + 0.99 * target(s2)
    loss = nn.functional.mse_loss(critic(s), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    for param, target_param in zip(critic.parameters(), target.parameters()):
        target_param.data.copy_(tau * param.data + (1 - tau) * target_param.data)
