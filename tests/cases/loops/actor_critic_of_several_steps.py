# turns: 3
# graphs: 1
# names: model.body.weight model.pi.weight model.v.bias state
# updates: model.body.weight model.pi.weight model.v.weight
import torch
from torch import nn
from torch.distributions import Categorical
torch.manual_seed(0)
class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(2, 8); self.pi = nn.Linear(8, 2); self.v = nn.Linear(8, 1)
    def forward(self, s):
        h = torch.tanh(self.body(s)); return Categorical(logits=self.pi(h)), self.v(h)
model = ActorCritic()
opt = torch.optim.RMSprop(model.parameters(), lr=0.01)
state = torch.zeros(2)
for update in range(3):
    log_probs, values, rewards, entropy = [], [], [], 0
    for _ in range(4):
        dist, value = model(state)
        action = dist.sample()
        state = state + 0.1 * (2 * action - 1) + 0.01 * torch.randn(2)
        log_probs.append(dist.log_prob(action)); values.append(value); rewards.append(-state.abs().sum())
        entropy += dist.entropy()
    R = model(state)[1].detach()
    returns = []
    for r in reversed(rewards):
        R = r + 0.9 * R
        returns.insert(0, R)
    advantage = torch.cat(returns) - torch.cat(values)
    loss = -(torch.stack(log_probs) * advantage.detach()).mean() + 0.5 * advantage.pow(2).mean() - 0.01 * entropy
    opt.zero_grad(); loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    opt.step()
