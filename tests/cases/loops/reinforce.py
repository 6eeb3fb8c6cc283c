# turns: 3
# graphs: 1
# names: policy.0.weight policy.0.bias
# updates: policy.0.weight
import torch
from torch import nn
from torch.distributions import Categorical

torch.manual_seed(0)
policy = nn.Sequential(nn.Linear(2, 2), nn.Softmax(dim=-1))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.05)
gamma = 0.9
for episode in range(3):
    state, log_probs, rewards = [0.0, 1.0], [], []
    for t in range(3):
        dist = Categorical(policy(torch.tensor(state)))
        action = dist.sample()
        log_probs.append(dist.log_prob(action))
        rewards.append(1.0 if action.item() == t % 2 else 0.0)
        state = [state[1], state[0] + 0.1]
    R, returns = 0.0, []
    for r in rewards[::-1]:
        R = r + gamma * R
        returns.insert(0, R)
    loss = torch.stack([-p * g for p, g in zip(log_probs, returns)]).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(episode, sum(rewards))
