import torch
import torch.nn.functional as F

logits = torch.tensor([2.0, 1.0, 0.0], requires_grad=True)
target = torch.tensor(1)

# in small steps
p = torch.softmax(logits, dim=0)
chosen = p[target]
small_steps = -torch.log(chosen)

# all at once
loss = F.cross_entropy(logits, target)

small_steps.backward()
print('in small steps:', logits.grad)

logits.grad = None
loss.backward()
print('all at once:   ', logits.grad)
