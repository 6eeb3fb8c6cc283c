# turns: 2
# graphs: 1
# names: model.body.weight model.action_head.weight model.value_head.weight
# updates: model.body.weight model.action_head.weight model.value_head.weight
import torch
import torch.nn.functional as F
from torch import nn


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.action_head, self.value_head = nn.Linear(2, 3), nn.Linear(3, 2), nn.Linear(3, 1)
        self.saved, self.rewards = [], []

    def forward(self, x):
        x = F.relu(self.body(x))
        return F.softmax(self.action_head(x), dim=-1), self.value_head(x)


def finish_episode():
    R, policy_losses, value_losses = 0, [], []
    for (log_prob, value), r in zip(model.saved, model.rewards):
        R = r + 0.9 * R
        policy_losses.append(-log_prob * (R - value.item()))
        value_losses.append(F.smooth_l1_loss(value, torch.tensor([R])))
    optimizer.zero_grad()
    loss = torch.stack(policy_losses).sum() + torch.stack(value_losses).sum()
    loss.backward()
    optimizer.step()
    del model.saved[:], model.rewards[:]


torch.manual_seed(0)
model = Policy()
optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
for i_episode in range(2):
    for t in range(2):
        probs, value = model(torch.tensor([float(t), 0.5]))
        model.saved.append((torch.log(probs[t]), value))
        model.rewards.append(1.0)
    finish_episode()
