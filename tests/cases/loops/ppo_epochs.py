# turns: 4
# graphs: 1
# names: policy.weight policy.bias states
# updates: policy.weight policy.bias
# evaluations: 0 or 1 or 2
# loops: iteration=2 epoch=2
import torch
from torch import nn

torch.manual_seed(0)
policy = nn.Linear(2, 2)
optimizer = torch.optim.Adam(policy.parameters(), lr=0.05)
states, advantages = torch.randn(4, 2), torch.tensor([1.0, -0.5, 0.3, 0.8])
for iteration in range(2):
    with torch.no_grad():
        old = torch.log_softmax(policy(states), dim=1)
    actions = torch.randint(0, 2, (4, 1))
    for epoch in range(2):
        new = torch.log_softmax(policy(states), dim=1)
        ratio = (new - old).gather(1, actions).squeeze(1).exp()
        clipped = ratio.clamp(0.8, 1.2)
        loss = -torch.min(ratio * advantages, clipped * advantages).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
