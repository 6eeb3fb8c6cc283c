# turns: 3
# graphs: 1
# names: student.0.weight student.2.bias teacher.0.weight x
# updates: student.0.weight student.0.bias student.2.weight student.2.bias
import copy, torch
from torch import nn
torch.manual_seed(0)
student = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
teacher = copy.deepcopy(student)
for p in teacher.parameters():
    p.requires_grad_(False)
optimizer = torch.optim.AdamW(student.parameters(), lr=0.01)
for step in range(3):
    x = torch.randn(5, 3)
    with torch.no_grad():
        target = teacher(x + 0.1 * torch.randn_like(x)).softmax(-1)
    loss = -(target * student(x).log_softmax(-1)).sum(-1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for ps, pt in zip(student.parameters(), teacher.parameters()):
            pt.mul_(0.9).add_(ps, alpha=0.1)
