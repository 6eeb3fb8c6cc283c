import torch
import torch.nn.functional as F

# real numbers are near 4; the generator shifts random numbers, the judge says how real a number looks
real = torch.tensor([3.5, 4.0, 4.5])
noise = torch.tensor([-0.5, 0.0, 0.5])
shift = torch.tensor(0.0, requires_grad=True)
w = torch.tensor(0.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
judge_step = torch.optim.SGD([w, b], lr=0.3)
shift_step = torch.optim.SGD([shift], lr=1.0)
yes, no = torch.ones(3), torch.zeros(3)

for step in range(18):
    # the judge: real is real, and made up is not
    fake = noise + shift
    judged = F.binary_cross_entropy_with_logits(w * real + b, yes)
    caught = F.binary_cross_entropy_with_logits(w * fake.detach() + b, no)
    judge_step.zero_grad()
    (judged + caught).backward()
    judge_step.step()

    # the generator: what is made up shall look real
    fooled = F.binary_cross_entropy_with_logits(w * fake + b, yes)
    shift_step.zero_grad()
    fooled.backward()
    shift_step.step()

print(f'made up: {[round(number, 2) for number in fake.tolist()]}, shift {shift.item():.3f}')
