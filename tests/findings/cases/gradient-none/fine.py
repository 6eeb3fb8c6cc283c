import torch
from torch import nn

torch.manual_seed(0)
student, teacher = nn.Linear(3, 2), nn.Linear(3, 2)
frozen = nn.Linear(3, 3).requires_grad_(False)
optimizer = torch.optim.SGD(student.parameters(), lr=0.1)
x = torch.randn(8, 3)

for step in range(3):
    with torch.no_grad():
        target = teacher(x)
    prediction = student(frozen(x))
    straight = prediction + (prediction.round() - prediction).detach()
    loss = nn.functional.mse_loss(straight, target) + (prediction - prediction.detach().mean()).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(step, loss.item(), prediction.argmax(1))
