# turns: 1
# graphs: 1
# passes: 3
# names: x
import torch

x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.stack([x.prod(), (x**2).sum(), x[0] * x[2]])
rows = []
for i in range(3):
    (row,) = torch.autograd.grad(y[i], x, retain_graph=True)
    rows.append(row)
print(torch.stack(rows))
