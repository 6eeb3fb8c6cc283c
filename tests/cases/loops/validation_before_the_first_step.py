# turns: 2
# graphs: 1
# names: w x
# updates: w
# evaluations: 2
import torch

x, held_out = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])
w = torch.tensor(0.1, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
with torch.no_grad():
    print("before", (w * x).sum().item())
for epoch in range(2):
    loss = (w * x - 1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        print(epoch, (w * held_out - 1).square().mean().item())
