# turns: 4
# graphs: 1
# names: weight
# updates: weight
# loops: walk=4
import torch

torch.manual_seed(0)
weight = torch.tensor([0.4, -0.2], requires_grad=True)
for walk in range(4):
    place, length = torch.ones(2), 0
    while length < 3 and not length == 2:
        place = place * weight
        length += 1
    loss = (place - 1).square().sum()
    loss.backward()
    with torch.no_grad():
        weight -= 0.1 * weight.grad
    weight.grad = None
