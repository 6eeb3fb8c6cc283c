# turns: 4
# graphs: 1
# names: w x
# updates: w
import torch

x = torch.tensor([0.5, 1.0, 1.5])
w = torch.tensor([1.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.2)
running = torch.zeros(())
for step in range(4):
    loss = (w * x - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    running += loss.detach()
print(running.item() / 4)
