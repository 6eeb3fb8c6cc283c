import torch
from torch import nn

torch.manual_seed(0)
x = torch.tensor([[-1.0], [0.0], [1.0], [2.0]])
y = 2 * x + 1
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for step in range(6):
    loss = nn.functional.mse_loss(model(x[step % 4]), y[step % 4])
    loss.backward()
    if step % 2 == 1:
        # the gradients of two examples are added on purpose
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
