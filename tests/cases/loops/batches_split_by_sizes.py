# turns: 4
# graphs: 1 or 2
# names: w batch
# updates: w
# loops: epoch=2 batch=2
import torch

torch.manual_seed(0)
data = torch.randn(5, 2)
w = torch.ones(2, requires_grad=True)
for epoch in range(2):
    shuffled = data[torch.randperm(5)]
    parts = torch.split(shuffled, [3, 2])
    for batch in parts:
        loss = (batch * w).pow(2).mean()
        loss.backward()
        w.data -= 0.1 * w.grad
        w.grad.zero_()
