# turns: 3
# graphs: 1
# names: policy.weight policy.bias
# updates: policy.weight policy.bias
# loops: episode=3
import torch
from torch import nn

torch.manual_seed(0)
policy = nn.Linear(2, 2)
optimizer = torch.optim.Adam(policy.parameters(), lr=0.05)
for episode in range(3):
    chosen, rewards, done = [], [], False
    state = torch.zeros(2)
    while not done:
        choice = torch.distributions.Categorical(logits=policy(state))
        action = choice.sample()
        chosen.append(choice.log_prob(action))
        rewards.append(float(action))
        state = torch.randn(2)
        done = len(rewards) >= 3
    total, returns = 0.0, []
    for reward in reversed(rewards):
        total = reward + 0.9 * total
        returns.insert(0, total)
    loss = -(torch.stack(chosen) * torch.tensor(returns)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
