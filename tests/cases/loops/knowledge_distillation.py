# turns: 3
# graphs: 1
# names: teacher.weight student.weight student.bias inputs labels
# updates: student.weight student.bias
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
teacher, student = nn.Linear(3, 2), nn.Linear(3, 2)
teacher.eval()
optimizer = torch.optim.Adam(student.parameters(), lr=0.01)
T = 2.0
inputs, labels = torch.randn(4, 3), torch.tensor([0, 1, 0, 1])
for epoch in range(3):
    optimizer.zero_grad()
    with torch.no_grad():
        teacher_logits = teacher(inputs)
    student_logits = student(inputs)
    soft = F.kl_div(
        F.log_softmax(student_logits / T, dim=-1), F.softmax(teacher_logits / T, dim=-1), reduction="batchmean"
    )
    loss = 0.3 * soft * T**2 + 0.7 * F.cross_entropy(student_logits, labels)
    loss.backward()
    optimizer.step()
