# turns: 4
# graphs: 1 or 2
# passes: 2
# names: actor.weight actor.bias critic.weight critic.bias
# updates: actor.weight critic.weight
# loops: episode=2 t=2
import torch
from torch import nn

torch.manual_seed(0)
actor, critic = nn.Linear(2, 2), nn.Linear(2, 1)
actor_optimizer = torch.optim.SGD(actor.parameters(), lr=0.05)
critic_optimizer = torch.optim.SGD(critic.parameters(), lr=0.1)
for episode in range(2):
    state = torch.tensor([1.0, 0.0])
    for t in range(2):
        log_prob = torch.log_softmax(actor(state), dim=-1)
        action = t % 2
        next_state, reward = torch.tensor([0.5 * t, 1.0]), 1.0 - t
        advantage = reward + 0.9 * critic(next_state).detach() - critic(state)
        critic_loss = advantage.pow(2).mean()
        critic_optimizer.zero_grad()
        critic_loss.backward()
        critic_optimizer.step()
        actor_loss = -log_prob[action] * advantage.detach().squeeze()
        actor_optimizer.zero_grad()
        actor_loss.backward()
        actor_optimizer.step()
        state = next_state
