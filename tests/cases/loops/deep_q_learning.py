# turns: 4
# graphs: 1
# names: policy_net.weight policy_net.bias
# updates: policy_net.weight
import random

import torch
from torch import nn

torch.manual_seed(0)
policy_net, target_net = nn.Linear(2, 2), nn.Linear(2, 2)
target_net.load_state_dict(policy_net.state_dict())
optimizer = torch.optim.AdamW(policy_net.parameters(), lr=0.05)
memory = [([i / 4, 1.0], i % 2, float(i % 3), [(i + 1) / 4, 0.0]) for i in range(6)]
random.seed(1)
for step in range(4):
    batch = random.sample(memory, 3)
    states = torch.tensor([s for s, _, _, _ in batch])
    actions = torch.tensor([[a] for _, a, _, _ in batch])
    rewards = torch.tensor([r for _, _, r, _ in batch])
    next_states = torch.tensor([n for _, _, _, n in batch])
    q = policy_net(states).gather(1, actions)
    with torch.no_grad():
        next_q = target_net(next_states).max(1).values
    loss = nn.SmoothL1Loss()(q, (rewards + 0.9 * next_q).unsqueeze(1))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_value_(policy_net.parameters(), 100)
    optimizer.step()
    if step % 2 == 1:
        target_net.load_state_dict(policy_net.state_dict())
