import torch
import torch.nn.functional as F
from torch import nn

# real numbers are near 4; the generator shifts noise, the judge says how real a number looks
real = torch.tensor([[3.5], [4.5]])
noise = torch.tensor([[-0.5], [0.5]])
yes, no = torch.ones(2, 1), torch.zeros(2, 1)

shift = torch.tensor(0.0, requires_grad=True)
judge = nn.Linear(1, 1)
nn.init.zeros_(judge.weight)
nn.init.zeros_(judge.bias)
judge_step = torch.optim.SGD(judge.parameters(), lr=0.3)
shift_step = torch.optim.SGD([shift], lr=1.0)

for step in range(18):
    # the judge's turn: real is real, and made up is not
    fake = noise + shift
    judged = F.binary_cross_entropy_with_logits(judge(real), yes)
    caught = F.binary_cross_entropy_with_logits(judge(fake.detach()), no)
    judge_step.zero_grad()
    (judged + caught).backward()
    judge_step.step()

    # the generator's turn: what is made up shall look real
    fooled = F.binary_cross_entropy_with_logits(judge(fake), yes)
    shift_step.zero_grad()
    fooled.backward()
    shift_step.step()

print(f'made up: {[round(number, 2) for number in fake.flatten().tolist()]}, shift {shift.item():.3f}')
