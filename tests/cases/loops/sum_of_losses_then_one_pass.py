# turns: 1
# graphs: 1
# names: w x
# updates: w
import torch

x = torch.tensor([1.0, 2.0, 3.0])
w = torch.tensor(0.5, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)
total = 0
for step in range(3):
    total = total + (w * x[step] - step) ** 2
total.backward()
optimizer.step()
print(total.item(), w.item())
