# turns: 3
# graphs: 1 or 2
# names: w x
# updates: w
import torch

x = torch.tensor([0.5, 1.0, 1.5])
w = torch.tensor([1.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.2)
total_loss = 0
for epoch in range(3):
    loss = (w * x - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    total_loss += loss
print(total_loss.item() / 3)
