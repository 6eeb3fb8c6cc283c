import torch
import torch.nn.functional as F

# 1. initialise: data and a first guess
x = torch.tensor(2.0)
y = torch.tensor(5.0)
w = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=0.05)

for iteration in range(4):
    # 2. forward: what the guess says
    prediction = w * x + b

    # 3. loss: how wrong that is
    loss = F.mse_loss(prediction, y)

    # 4. backward: what changes the loss
    optimizer.zero_grad()
    loss.backward()

    # 5. update: a small step
    optimizer.step()

    print(f'{iteration}: loss {loss.item():.4f}, w {w.item():.3f}, b {b.item():.3f}')
