# turns: 3
# graphs: 1
# names: scale
# updates: scale
import torch

scale = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = torch.optim.SGD([scale], lr=0.01)
rounds = 0
while rounds != 3:
    parts, wanted = [], 2
    while wanted:
        parts.append(scale**wanted)
        wanted -= 1
    loss = torch.stack(parts).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    rounds += 1
